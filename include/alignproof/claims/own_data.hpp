// SPDX-License-Identifier: Apache-2.0
// The data of whoever runs the suite, as claims look at them. Study::own_data hands them out.
#pragma once

#include <optional>
#include <string>

#include <alignproof/claims/settings.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof::inline claims {

/// n of the samples, or all if there are fewer; nothing if there are no data. Throws InputError on
/// what cannot be read, and unless there is one output.
std::optional<Data> own_data(const Settings& settings, std::size_t n);

/// The images that Debian has, which are taken where no others are given: nobody's own.
std::shared_ptr<const DataChoice> usual_data();
bool is_usual(const DataChoice& data);

/// Why there are none, for a verdict.
std::string no_data_set();

}  // namespace alignproof::inline claims

// SPDX-License-Identifier: Apache-2.0
// The folder of a certificate or a family, before it is made.
#pragma once

#include <string>

#include <alignproof/claims/settings.hpp>

namespace alignproof::inline claims {

/// An earlier run's certificate, or what is left of it, goes first: none may stand beside a report
/// that does not mention it. Throws InputError on an id that names no folder, and where what stands
/// there is not removed.
void make_way(const Settings& settings, const std::string& id);

}  // namespace alignproof::inline claims

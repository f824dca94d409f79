// SPDX-License-Identifier: Apache-2.0
// numpy's .npy format in memory, so that the bytes that are hashed are the bytes that are read.
#pragma once

#include <string>
#include <string_view>

#include <alignproof/format/array.hpp>

namespace alignproof::inline format::detail {

/// The content of the .npy file of `array`; throws InputError if its shape does not count its
/// values or a value is not finite. `name` stands in the message.
std::string to_npy(const Array& array, const std::string& name);

/// The inverse of `to_npy`; throws InputError on anything else.
Array from_npy(std::string_view bytes, const std::string& name);

}  // namespace alignproof::inline format::detail

// SPDX-License-Identifier: Apache-2.0
// What a training takes; all of it throws InputError.
#pragma once

#include <alignproof/sweeps/classifier.hpp>

namespace alignproof::inline sweeps {

void require_count(const char* what, std::size_t value, std::size_t most);

/// Sets of images of one size, labels up to 9, neither of them empty.
void require_sets(const ImageSet& train, const ImageSet& test);

/// For a training set of so many images.
void require_spec(const ClassifierSpec& spec, std::size_t images);

/// What pixels are multiplied by, so that the mean of |x_i|^2 is input_norm^2. Refuses black
/// images.
float pixel_factor(const ImageSet& train, double input_norm);

}  // namespace alignproof::inline sweeps

// SPDX-License-Identifier: Apache-2.0
// The fields of a run, one table for each kind of run. A configuration, a line of a store, the
// table of a sweep and its summary are read and written by it; each table is in the order of lines.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/sweeps/sweep.hpp>

namespace alignproof::inline sweeps {

/// Where else than in lines a field stands.
struct FieldUse {
  /// Its loop in the nest of a grid: 1 is the outermost, and the innermost varies fastest. 0: not
  /// a key of a configuration's [run].
  int loop = 0;
  bool in_table = true;
  std::size_t table_characters = std::string::npos;  ///< so many of it in the table
  std::string_view heading = {};                     ///< in a summary; empty: its name
  bool speaks = false;  ///< its value says in a summary which field it is
};

template <class Spec>
struct Field {
  std::string name;
  std::function<FieldValue(const Spec&)> get;
  /// False where such a value is not accepted; then nothing is changed. Names that the library
  /// reads throw its InputError.
  std::function<bool(Spec&, const FieldValue&)> set;
  std::string accepted;  ///< what `set` takes
  FieldUse use;
};

template <class Spec>
using Fields = std::vector<Field<Spec>>;

template <class Spec>
const Fields<Spec>& fields_of();
template <>
const Fields<RegressionSpec>& fields_of<RegressionSpec>();
template <>
const Fields<ClassificationSpec>& fields_of<ClassificationSpec>();

inline std::uint64_t& seed_of(RegressionSpec& spec) {
  return spec.seed;
}
inline std::uint64_t& seed_of(ClassificationSpec& spec) {
  return spec.network.seed;
}

}  // namespace alignproof::inline sweeps

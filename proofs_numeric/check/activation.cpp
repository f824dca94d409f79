// SPDX-License-Identifier: Apache-2.0
// The table of activations, and what its rows say of one another.
#include <alignproof/core/no_fast_math.hpp>

#include "activation.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "activation_rows.hpp"
#include "taylor_table.hpp"
#include "threads.hpp"

namespace alignproof::check {

namespace {

const std::vector<ActivationRow>& rows() {
  static const std::vector<ActivationRow> all = activation_rows();
  return all;
}

/// "a, b or c"
std::string accepted() {
  std::string text;
  for (std::size_t k = 0; k < rows().size(); ++k)
    text += fmt::format("{}{}",
                        k == 0                  ? ""
                        : k + 1 < rows().size() ? ", "
                                                : " or ",
                        rows()[k].name.name());
  return text;
}

/// Whether the ball may be 0.
bool may_vanish(const Ball& x) {
  return arb_contains_zero(x.get()) != 0;
}

/// The parts of a row at two points, with no jump of psi' between them: none is refuted by another.
const char* contradiction(const ActivationRow& row, double at, double step) {
  const Ball x = at, y = at + step, width = y - x;
  const Activated here = row.activate(x), there = row.activate(y);
  const ActivationBounds bounds = row.bounds();
  const Ball between_slopes = row.activate(hull(x, y)).dpsi;
  if (!may_vanish(there.psi - here.psi - between_slopes * width)) return "psi' of psi";
  const Ball middle = row.activate((x + y) / 2).dpsi;
  if (const SeriesOf* series = std::get_if<SeriesOf>(&row.series)) {
    const TaylorSeries at_x = (*series)(TaylorSeries::at(x, 2));
    if (!may_vanish(at_x[0] - here.psi) || !may_vanish(at_x[1] - here.dpsi)) return "the series";
  }
  const auto exceeds = [](const Bound& bound, const Ball& factor, const Ball& value) {
    const Ball* L = std::get_if<Ball>(&bound);
    return L && at_least(*L * factor, abs(value)) == Decision::violated;
  };
  if (exceeds(row.L0(), 1, here.psi)) return "L0";
  if (at_least(bounds.L1, abs(here.dpsi)) == Decision::violated) return "L1";
  if (at_least(bounds.L2 * width, abs(there.dpsi - here.dpsi)) == Decision::violated) return "L2";
  // The integral of psi''(m + s) - psi''(m - s), m the middle, over 0 < s < width / 2.
  if (exceeds(row.L3(), square(width / 2), here.dpsi + there.dpsi - 2 * middle)) return "L3";
  if (row.symmetry.linear && !may_vanish(here.psi - x)) return "linear";
  if (row.symmetry.odd && !may_vanish(row.activate(0 - x).psi + here.psi)) return "odd";
  return nullptr;
}

}  // namespace

const char* fault_of(const ActivationRow& row) {
  const PrecisionScope scope(128);
  if (row.symmetry.zero_at_zero && !may_vanish(row.activate(0).psi)) return "psi(0)";
  for (int k = -16; k < 16; ++k) {
    const double at = (2 * k + 1) * 0.25;
    if (const char* fault = contradiction(row, at, 0x1p-6)) return fault;
    // As far as the next point, so that no jump lies between; one at 0 is what signs are frozen
    // for.
    const bool over_0 = at < 0 && at + 0.5 > 0;
    if (over_0 && row.bounds().frozen_signs) continue;
    if (const char* fault = contradiction(row, at, 0.5)) return fault;
  }
  return nullptr;
}

const ActivationRow& row_of(const Activation& activation) {
  for (const ActivationRow& row : rows())
    if (row.name == activation) return row;
  throw InputError("activation", fmt::format("'{}'", activation.name()), accepted());
}

void require_accepted(const Activation& activation) {
  const ActivationRow& row = row_of(activation);
  static std::mutex mutex;
  static std::map<Activation, const char*> looked_at;
  const std::lock_guard lock(mutex);
  const auto [found, is_new] = looked_at.try_emplace(row.name, nullptr);
  if (is_new) found->second = fault_of(row);
  if (found->second != nullptr)
    throw std::logic_error(
        fmt::format("the checker's table is wrong about {}: {}", activation.name(), found->second));
}

void require_kernel(const Activation& activation) {
  if (const auto* none = std::get_if<NoKernel>(&row_of(activation).kernel))
    throw InputError("activation", fmt::format("'{}'", activation.name()),
                     fmt::format("one whose limit kernel is enclosed, where gamma is spoken of: {}",
                                 none->reason));
}

Activated activate(const Activation& activation, const Ball& a) {
  return row_of(activation).activate(a);
}

namespace {

/// The table of an activation, which is made once in each thread that asks for one.
TaylorTable& table_of(const ActivationRow& row, SeriesOf series) {
  static thread_local std::map<Activation, TaylorTable> tables;
  return tables.try_emplace(row.name, series, row.bounds).first->second;
}

/// The table with polynomials at all entries of A that it accepts.
const TaylorTable& table_for(TaylorTable& table, const BallMatrix& A) {
  struct Cells {
    long first = std::numeric_limits<long>::max(), last = std::numeric_limits<long>::min();
    void take(long index) { first = std::min(first, index), last = std::max(last, index); }
  };
  std::vector<Cells> cells(count_row_blocks(A.rows(), A.cols()));
  for_row_blocks(A.rows(), A.cols(), [&](const RowBlock& block) {
    Cells& here = cells[block.index];
    for (std::size_t r = block.first; r < block.last; ++r)
      for (std::size_t i = 0; i < A.cols(); ++i)
        if (TaylorTable::accepts(A.entry(r, i))) here.take(TaylorTable::cell_of(A.entry(r, i)));
  });
  Cells all;
  for (const Cells& here : cells)
    if (here.first <= here.last) all.take(here.first), all.take(here.last);
  table.cover(all.first, all.last);
  return table;
}

}  // namespace

void activate(const Activation& activation, const BallMatrix& A, BallMatrix& Psi, BallMatrix& D) {
  const ActivationRow& row = row_of(activation);
  const SeriesOf* series = std::get_if<SeriesOf>(&row.series);
  const TaylorTable* table = series && precision() <= TaylorTable::most_bits
                                 ? &table_for(table_of(row, *series), A)
                                 : nullptr;
  for_row_blocks(A.rows(), (table ? 4 : 64) * A.cols(), [&](const RowBlock& block) {
    for (std::size_t r = block.first; r < block.last; ++r)
      for (std::size_t i = 0; i < A.cols(); ++i) {
        if (table && TaylorTable::accepts(A.entry(r, i))) {
          table->activate(Psi.entry(r, i), D.entry(r, i), A.entry(r, i));
          continue;
        }
        auto [psi, dpsi] = row.activate(A.at(r, i));
        arb_swap(Psi.entry(r, i), psi.get());
        arb_swap(D.entry(r, i), dpsi.get());
      }
  });
}

ActivationBounds activation_bounds(const Activation& activation) {
  return row_of(activation).bounds();
}

}  // namespace alignproof::check

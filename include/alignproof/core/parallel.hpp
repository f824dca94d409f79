// SPDX-License-Identifier: Apache-2.0
// Independent work on several threads, with progress.
#pragma once

#include <cstddef>
#include <functional>

namespace alignproof::inline core {

/// Told about work as it is done; may be called from several threads at once.
class Progress {
 public:
  virtual ~Progress() = default;
  /// Announces `units` more units of work.
  virtual void expect(std::size_t /*units*/) {}
  virtual void advance(std::size_t /*units*/ = 1) {}
};

/// Calls body(0) ... body(count - 1) on up to `jobs` threads. Every index writes to its own place,
/// so the result does not depend on `jobs`. The first exception thrown by a body is rethrown.
void parallel_for(std::size_t count, std::size_t jobs,
                  const std::function<void(std::size_t)>& body);

}  // namespace alignproof::inline core

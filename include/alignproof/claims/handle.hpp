// SPDX-License-Identifier: Apache-2.0
// What a study was asked for, before it is there: a typed place that is filled when the study runs.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace alignproof::inline claims {

/// The place of one result, whatever its type. Only the study and what fills it by hand see it.
class AnySlot {
 public:
  explicit AnySlot(std::string name) : name_(std::move(name)) {}
  virtual ~AnySlot() = default;
  AnySlot(const AnySlot&) = delete;
  AnySlot& operator=(const AnySlot&) = delete;

  const std::string& name() const { return name_; }
  bool ready() const { return ready_; }
  void set_ready() { ready_ = true; }

 private:
  std::string name_;
  bool ready_ = false;
};

template <class T>
class Slot : public AnySlot {
 public:
  using AnySlot::AnySlot;
  T value{};
};

/// Copies share the result. Asking before the study ran throws std::logic_error with the name of
/// what was asked for.
template <class T>
class Handle {
 public:
  explicit Handle(std::shared_ptr<const Slot<T>> slot) : slot_(std::move(slot)) {}

  const T& operator*() const {
    if (!slot_->ready())
      throw std::logic_error("asked for '" + slot_->name() + "' before the study ran");
    return slot_->value;
  }
  const T* operator->() const { return &**this; }

 private:
  std::shared_ptr<const Slot<T>> slot_;
};

}  // namespace alignproof::inline claims

// What has to be said while a run goes on, from any thread: in the view while there is one, else as it comes.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "run/observer.h"

namespace lamplighter::run {

class Teller {
 public:
  /// `otherwise` is told what comes while there is no view.
  explicit Teller(std::function<void(const std::string&)> otherwise) : otherwise_(std::move(otherwise)) {}

  void tell(const std::string& text, Notice::Lasts lasts) {
    const std::lock_guard lock(mutex_);
    if (view_ != nullptr) return view_->tell({text, lasts});
    if (otherwise_) otherwise_(text);
  }

  /// While it lives, a view is told.
  class Showing {
   public:
    Showing(Teller& teller, Observer& view) : teller_(teller) { teller_.set(&view); }
    ~Showing() { teller_.set(nullptr); }
    Showing(const Showing&) = delete;
    Showing& operator=(const Showing&) = delete;

   private:
    Teller& teller_;
  };

 private:
  void set(Observer* view) {
    const std::lock_guard lock(mutex_);
    view_ = view;
  }

  std::function<void(const std::string&)> otherwise_;
  std::mutex mutex_;
  Observer* view_ = nullptr;
};

}  // namespace lamplighter::run

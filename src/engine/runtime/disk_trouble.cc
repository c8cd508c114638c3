#include "engine/runtime/disk_trouble.h"

#include <algorithm>

#include <fmt/format.h>

namespace lamplighter::engine {
namespace {

constexpr Duration kFirstBackoff{1'000};
constexpr Duration kLastBackoff{8'000};

}  // namespace

std::string DiskTrouble::failed(Time now, const std::string& why) {
  const bool begins = backoff_ == Duration::zero();
  backoff_ = std::clamp(backoff_ * 2, kFirstBackoff, kLastBackoff);
  failed_at_ = now;
  wrote_ = false;
  if (!begins && now < told_at_ + kTellAgain) return "";
  told_at_ = now;
  return fmt::format("the database {} be written ({}); trying again", begins ? "can't" : "still can't", why);
}

std::string DiskTrouble::calmed(Time now) {
  const auto over = over_at();
  if (!over || now < *over) return "";
  backoff_ = Duration::zero();
  return "the database can be written again";
}

std::optional<Time> DiskTrouble::over_at() const {
  if (backoff_ == Duration::zero() || !wrote_) return std::nullopt;
  return failed_at_ + calm_;
}

}  // namespace lamplighter::engine

#include "run/past_access.h"

#include <optional>

#include "json/json.h"
#include "run/access.h"

namespace lamplighter::run {
namespace {

constexpr Duration kPatience = std::chrono::seconds{15};

std::optional<AwsOptions> options_of(const Place& place, const engine::Execution& execution) {
  if (place.cloud) return place.cloud->aws;
  const auto input = parse_json(execution.input);
  const auto access = input ? read_access(*input) : std::nullopt;
  if (!access) return std::nullopt;
  auto options = options_to_go_on(execution.name, *access, {});
  return options ? std::optional(*std::move(options)) : std::nullopt;
}

}  // namespace

PastAccess::PastAccess(std::unique_ptr<SystemClock> clock, std::unique_ptr<CloudAccess> access)
    : clock_(std::move(clock)),
      access_(std::move(access)),
      limited_(access_->session(), *clock_, clock_->steady() + kPatience) {}

std::unique_ptr<PastAccess> PastAccess::of(const Place& place, const engine::Execution& execution) {
  const auto options = options_of(place, execution);
  if (!options) return nullptr;
  auto clock = std::make_unique<SystemClock>();
  auto access = CloudAccess::make(*options, *clock);
  if (!access) return nullptr;
  return std::unique_ptr<PastAccess>(new PastAccess(std::move(clock), *std::move(access)));
}

}  // namespace lamplighter::run

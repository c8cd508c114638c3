#include "engine/runtime/images.h"

#include <utility>

#include "asl/parse.h"
#include "engine/core/arn.h"

namespace lamplighter::engine {
namespace {

constexpr std::size_t kMaxImages = 2'048;
constexpr std::size_t kMaxWeight = std::size_t{64} << 20;
constexpr std::size_t kMaxDefinitions = 64;
/// Reading so many bytes of a history takes some ten milliseconds.
constexpr std::size_t kLargeHistory = std::size_t{1} << 20;

}  // namespace

Result<Image*> Images::load(std::int64_t id) {
  Record& found = record(id);
  if (found.image) {
    uses_.splice(uses_.begin(), uses_, found.image->use);
    return found.image.get();
  }
  auto image = TRY(blank(id));
  CHECK_OK(fill(*image, id, store_));
  found.read_here = false;
  return take_back(id, std::move(image));
}

bool Images::takes_long(std::int64_t id) {
  const auto found = records_.find(id);
  if (found == records_.end() || found->second.image || found->second.read_here) return false;
  return store_.history_bytes(id).value_or(0) > kLargeHistory;
}

Result<std::unique_ptr<Image>> Images::blank(std::int64_t id) {
  const auto row = TRY(store_.execution(id));
  if (!row.damage.empty()) return fail(ErrorKind::internal, std::string(kDamaged), row.damage);
  return make_image(row);
}

Status Images::fill(Image& image, std::int64_t id, Store& store) {
  image.chunks =
      TRY(store.history(id, [&](const std::vector<Event>& events) { return image.core.restore(events); }));
  CHECK_OK(image.core.finish_restoring());
  if (!image.core.outcome()) return {};
  return fail(ErrorKind::internal, std::string(kDamaged),
              "its row says that it runs, its history that it has ended");
}

Result<Image*> Images::create(const ExecutionRow& row) { return take_back(row.id, TRY(make_image(row))); }

Result<std::unique_ptr<Image>> Images::make_image(const ExecutionRow& row) {
  auto machine = TRY(definition(row.definition));
  Identity identity{row.arn,
                    row.name,
                    row.state_machine_arn,
                    std::string(arn_name(row.state_machine_arn)),
                    row.role_arn,
                    region_,
                    static_cast<std::uint64_t>(row.seed)};
  return std::make_unique<Image>(std::move(machine), std::move(identity));
}

std::unique_ptr<Image> Images::lend(std::int64_t id) {
  auto image = std::move(record(id).image);
  weight_ -= std::exchange(image->weight, 0);
  uses_.erase(image->use);
  return image;
}

Image* Images::take_back(std::int64_t id, std::unique_ptr<Image> image) {
  uses_.push_front(id);
  image->use = uses_.begin();
  weigh(*image);
  return (record(id).image = std::move(image)).get();
}

Result<std::shared_ptr<const asl::StateMachine>> Images::definition(std::int64_t id) {
  if (const auto found = definitions_.find(id); found != definitions_.end()) return found->second;
  const auto parsed = asl::parse_accepted(TRY(store_.definition(id)));
  if (!parsed.definition) {
    return fail(ErrorKind::internal, std::string(kDamaged),
                "a stored definition can't be run: " + asl::summary(parsed.diagnostics));
  }
  if (definitions_.size() >= kMaxDefinitions) definitions_.erase(definitions_.begin());
  definitions_[id] = parsed.definition;
  return parsed.definition;
}

void Images::set_due(std::int64_t id, std::int64_t due) {
  Record& owner = record(id);
  if (owner.due == due) return;
  owner.due = due;
  if (due != 0) timers_.push({due, id});
}

bool Images::is_stale(const Timer& timer) const {
  const auto found = records_.find(timer.id);
  return found == records_.end() || found->second.due != timer.due;
}

std::int64_t Images::next_due() {
  while (!timers_.empty() && is_stale(timers_.top())) timers_.pop();
  return timers_.empty() ? 0 : timers_.top().due;
}

std::optional<std::int64_t> Images::take_due(std::int64_t now) {
  const auto due = next_due();
  if (due == 0 || due > now) return std::nullopt;
  const auto id = timers_.top().id;
  timers_.pop();
  record(id).due = 0;
  return id;
}

void Images::look_again() {
  for (const auto& [id, record] : records_) {
    if (record.due != 0) set_due(id, 1);
  }
}

void Images::forget(std::int64_t id) {
  const auto found = records_.find(id);
  if (found == records_.end()) return;
  drop_image(found->second);
  records_.erase(found);
}

void Images::drop_image(Record& record) {
  if (record.image) lend(*record.image->use);
}

void Images::weigh(Image& image) {
  weight_ -= image.weight;
  image.weight = image.core.weight();
  weight_ += image.weight;
}

void Images::shrink() {
  while (uses_.size() > 1 && (uses_.size() > kMaxImages || weight_ > kMaxWeight))
    drop_image(record(uses_.back()));
}

}  // namespace lamplighter::engine

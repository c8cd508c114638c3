// Histories: a chunk a step, read as a whole or by pages.
#include <algorithm>

#include <fmt/format.h>

#include "database/statements.h"
#include "engine/store/chunk_ids.h"
#include "engine/store/store.h"

namespace lamplighter::engine {
namespace {

using database::attempt;
using database::damaged;

/// From so many bytes on a page of events ends.
constexpr std::size_t kMaxPageBytes = std::size_t{2} << 20;

/// A chunk's events, which must be where and what its row says.
Result<std::vector<Event>> read_chunk(SQLite::Statement& row) {
  const auto blob = row.getColumn(1);
  auto events = TRY(
      read_records({static_cast<const char*>(blob.getBlob()), static_cast<std::size_t>(blob.getBytes())}));
  std::int64_t last = 0;
  for (const auto& event : events) last = std::max(last, event.id);
  if (last != 0 && last != row.getColumn(2).getInt64())
    return damaged("a part of a history is not where it belongs");
  return events;
}

/// Says whether a history's events follow each other, upwards or downwards, with none missing.
class Order {
 public:
  Order(std::int64_t first, std::int64_t step) : expected_(first), step_(step) {}
  Status take(std::int64_t id) {
    if (expected_ != 0 && id != expected_)
      return damaged(fmt::format("a history has no event {}", expected_));
    expected_ = id + step_;
    return {};
  }
  /// The event that would come next.
  [[nodiscard]] std::int64_t expected() const { return expected_; }

 private:
  std::int64_t expected_;  ///< 0: any
  std::int64_t step_;
};

std::size_t bytes_of(const Event& event) {
  std::size_t bytes = event.payload ? event.payload->size() : 0;
  for (const auto& member : event.details) {
    if (const auto* text = member.value().if_string()) bytes += text->size();
  }
  return bytes;
}

}  // namespace

Status Store::append(const Chunk& chunk) {
  return write([&] {
    const auto add = statements_->get("INSERT INTO history VALUES (?, ?, ?, ?)");
    add->bind(1, ChunkIds(chunk.execution).first + chunk.sequence);
    add->bind(2, chunk.last_event);
    add->bind(3, chunk.due);
    add->bindNoCopy(4, chunk.records.data(), static_cast<int>(chunk.records.size()));
    add->exec();
  });
}

Result<std::int64_t> Store::history(std::int64_t execution,
                                    const std::function<Status(const std::vector<Event>&)>& take) {
  return attempt([&]() -> Result<std::int64_t> {
    const auto find =
        statements_->get("SELECT id, records, last_event FROM history WHERE id >= ? AND id < ? ORDER BY id");
    find->bind(1, ChunkIds(execution).first);
    find->bind(2, ChunkIds(execution).end);
    std::int64_t chunks = 0;
    Order order(1, 1);
    for (; find->executeStep(); ++chunks) {
      if (find->getColumn(0).getInt64() != ChunkIds(execution).first + chunks)
        return damaged(fmt::format("part {} of a history is missing", chunks + 1));
      const auto events = TRY(read_chunk(*find));
      for (const auto& event : events) {
        if (!event.is_note()) CHECK_OK(order.take(event.id));
      }
      CHECK_OK(take(events));
    }
    if (chunks == 0) return damaged("a history is missing");
    return chunks;
  });
}

Result<std::size_t> Store::history_bytes(std::int64_t execution) {
  return attempt([&]() -> Result<std::size_t> {
    const auto find = statements_->get(
        "SELECT total(length(records)) FROM history WHERE id >= ?1 AND id < ?2 AND EXISTS (SELECT 1 FROM "
        "execution e WHERE e.id = ?3 AND e.status = 0)");
    find->bind(1, ChunkIds(execution).first);
    find->bind(2, ChunkIds(execution).end);
    find->bind(3, execution);
    find->executeStep();
    return static_cast<std::size_t>(find->getColumn(0).getDouble());
  });
}

Result<Page<Event>> Store::events(std::int64_t execution, std::int64_t from, bool reverse, std::size_t max) {
  return attempt([&]() -> Result<Page<Event>> {
    if (!has_room(execution)) return damaged(fmt::format("no execution has the number {}", execution));
    const auto find = statements_->get(reverse ? "SELECT id, records, last_event FROM history WHERE id >= ?1 "
                                                 "AND id < ?2 AND id <= coalesce((SELECT "
                                                 "id FROM history WHERE id >= ?1 AND id < ?2 AND last_event "
                                                 ">= ?3 ORDER BY id LIMIT 1), ?2) ORDER "
                                                 "BY id DESC"
                                               : "SELECT id, records, last_event FROM history WHERE id >= ?1 "
                                                 "AND id < ?2 AND last_event >= ?3 ORDER "
                                                 "BY id");
    find->bind(1, ChunkIds(execution).first);
    find->bind(2, ChunkIds(execution).end);
    find->bind(3, from);
    Page<Event> out;
    Order order(reverse ? 0 : from, reverse ? -1 : 1);
    std::size_t bytes = 0;
    std::int64_t last = 0;
    while (find->executeStep()) {
      last = find->getColumn(2).getInt64();
      auto events = TRY(read_chunk(*find));
      if (reverse) std::reverse(events.begin(), events.end());
      for (auto& event : events) {
        if (event.is_note() || (reverse ? event.id > from : event.id < from)) continue;
        CHECK_OK(order.take(event.id));
        if (out.items.size() == max || bytes >= kMaxPageBytes) {
          out.next = std::to_string(event.id);
          return out;
        }
        bytes += bytes_of(event);
        out.items.push_back(std::move(event));
      }
    }
    if (reverse ? order.expected() != 0 : order.expected() <= last)
      return damaged(fmt::format("a history has no event {}", order.expected()));
    return out;
  });
}

Result<std::optional<Event>> Store::first_event(std::int64_t execution) {
  auto found = TRY(events(execution, 1, false, 1));
  return found.items.empty() ? std::nullopt : std::optional(std::move(found.items.front()));
}

Result<std::optional<Event>> Store::last_event(std::int64_t execution) {
  auto found = TRY(events(execution, INT64_MAX, true, 1));
  return found.items.empty() ? std::nullopt : std::optional(std::move(found.items.front()));
}

}  // namespace lamplighter::engine

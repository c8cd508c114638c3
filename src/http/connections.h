// The connections of one server, and which of them give way to others.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <unordered_set>

namespace lamplighter::http {

/// What Connections knows of one.
class Connection {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  virtual ~Connection() = default;
  [[nodiscard]] virtual bool is_open() const = 0;
  /// Since when nothing but the client keeps it open; nullopt while a handler works for it.
  [[nodiscard]] virtual std::optional<Moment> waits_since() const = 0;
  /// How many bytes of a body it holds, of a request or an answer; 0 for a small one.
  [[nodiscard]] virtual std::size_t held() const = 0;
  /// Ends it now. It holds nothing then.
  virtual void close() = 0;
  /// Ends it now where it waits for a request or its body, else after the answer.
  virtual void finish() = 0;
};

/// For one thread. Refers to connections from add() to remove().
class Connections {
 public:
  /// At most `max` open ones, which hold at most `max_held` bytes of bodies together.
  Connections(std::size_t max, std::size_t max_held) : max_(max), max_held_(max_held) {}

  void add(Connection& connection) { all_.insert(&connection); }
  void remove(Connection& connection);

  /// Makes room for one more by closing the one that has waited for its client longest; false where handlers
  /// work for all of them.
  [[nodiscard]] bool make_room();
  /// Closes those that have waited for their client longest, of those that hold something, until all together
  /// hold no more than they may. To be called when one holds more than before.
  void keep_within_bounds();

  /// Finishes all of them.
  void finish();
  /// Calls `tell` once none is left, maybe at once.
  void when_none(std::function<void()> tell);

 private:
  /// Of those that wait for their client and hold at least so much.
  [[nodiscard]] Connection* longest_waiting(std::size_t held) const;

  std::size_t max_;
  std::size_t max_held_;
  std::unordered_set<Connection*> all_;
  std::function<void()> tell_none_;
};

}  // namespace lamplighter::http

// The memory of one parse or one evaluation: values are bumped into blocks and all go at once, so that making
// a value costs a few nanoseconds and nothing needs a destructor. The limit is soft for small pieces
// (`allocate` always answers) and hard for what input can make large: whoever grows a text or an array asks
// `has_room` first. Once over, `exhausted` stays true and the evaluator ends with an error at its next step.
// Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace lamplighter::jsonata {

// T may well be a pointer.
template <class T>
constexpr std::size_t kSizeOf = sizeof(T);  // NOLINT(bugprone-sizeof-expression)

class Arena {
 public:
  /// `limit` in bytes; zero is no limit.
  explicit Arena(std::size_t limit = 0) : limit_(limit) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  ~Arena();

  void* allocate(std::size_t bytes) {
    bytes = (bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (bytes > static_cast<std::size_t>(end_ - next_)) return allocate_block(bytes);
    std::byte* piece = next_;
    next_ += bytes;
    return piece;
  }

  template <class T, class... Arguments>
  T* make(Arguments&&... arguments) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T))) T{std::forward<Arguments>(arguments)...};
  }

  /// `count` uninitialized objects.
  template <class T>
  T* array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return static_cast<T*>(allocate(count * kSizeOf<T>));
  }

  /// Makes the newest piece longer where it stands, if it is the newest and the block has the space.
  bool extend(void* piece, std::size_t bytes, std::size_t more_bytes) {
    bytes = (bytes + kAlignment - 1) & ~(kAlignment - 1);
    more_bytes = (more_bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (static_cast<std::byte*>(piece) + bytes != next_) return false;
    if (more_bytes - bytes > static_cast<std::size_t>(end_ - next_)) return false;
    next_ += more_bytes - bytes;
    return true;
  }

  /// Whether `bytes` more are allowed; where not, the arena is exhausted from now on.
  bool has_room(std::size_t bytes) {
    if (limit_ != 0 && (exhausted_ || bytes > limit_ || reserved_ > limit_ - bytes)) exhausted_ = true;
    if (bytes > kLargestPiece) exhausted_ = true;
    return !exhausted_;
  }

  [[nodiscard]] bool exhausted() const { return exhausted_; }

  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    char* data = array<char>(text.size());
    std::memcpy(data, text.data(), text.size());
    return {data, text.size()};
  }

 private:
  static constexpr std::size_t kAlignment = 8;
  static constexpr std::size_t kFirstBlock = 2048;
  static constexpr std::size_t kBlock = std::size_t{1} << 16;
  static constexpr std::size_t kLargestPiece = std::size_t{1} << 31;

  void* allocate_block(std::size_t bytes);
  static std::unique_ptr<std::byte[]> make_block(std::size_t size);

  alignas(kAlignment) std::byte first_[kFirstBlock];
  std::byte* next_ = first_;
  std::byte* end_ = first_ + kFirstBlock;
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };
  class Pool;

  std::vector<Block> blocks_;
  std::size_t small_block_ = kFirstBlock;
  std::size_t reserved_ = 0;
  std::size_t limit_;
  bool exhausted_ = false;
};

/// A list that grows inside an arena and is dropped with it. Copying it copies the reference, not the items.
template <class T>
class List {
 public:
  void push(Arena& arena, T item) {
    if (size_ == capacity_ && !grow(arena)) return;
    items_[size_++] = item;
  }

  /// Makes room for `count` items in all.
  bool reserve(Arena& arena, std::size_t count) { return count <= capacity_ || grow_to(arena, count); }

  /// Inserts before `position`.
  void insert(Arena& arena, std::size_t position, T item) {
    push(arena, item);
    for (std::size_t i = size_ - 1; i > position; --i) std::swap(items_[i], items_[i - 1]);
  }

  void erase(std::size_t position) {
    for (std::size_t i = position + 1; i < size_; ++i) items_[i - 1] = items_[i];
    --size_;
  }

  void clear() { size_ = 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  T& operator[](std::size_t i) { return items_[i]; }
  const T& operator[](std::size_t i) const { return items_[i]; }
  T& back() { return items_[size_ - 1]; }
  const T& back() const { return items_[size_ - 1]; }
  T* begin() { return items_; }
  T* end() { return items_ + size_; }
  const T* begin() const { return items_; }
  const T* end() const { return items_ + size_; }

 private:
  bool grow(Arena& arena) { return grow_to(arena, capacity_ == 0 ? 4 : std::size_t{capacity_} * 2); }

  bool grow_to(Arena& arena, std::size_t capacity) {
    const std::size_t bytes = capacity * kSizeOf<T>;
    if (capacity > 64 && !arena.has_room(bytes)) return false;
    if (items_ == nullptr || !arena.extend(items_, capacity_ * kSizeOf<T>, bytes)) {
      T* items = arena.array<T>(capacity);
      if (size_ > 0)
        std::memcpy(static_cast<void*>(items), static_cast<const void*>(items_), size_ * kSizeOf<T>);
      items_ = items;
    }
    capacity_ = static_cast<std::uint32_t>(capacity);
    return true;
  }

  T* items_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
};

/// Text that grows inside an arena.
class TextBuilder {
 public:
  explicit TextBuilder(Arena& arena) : arena_(&arena) {}
  TextBuilder(Arena& arena, std::string_view start) : arena_(&arena) { append(start); }

  void append(std::string_view text) {
    if (text.size() > capacity_ - size_ && !grow(text.size())) return;
    if (!text.empty()) std::memcpy(data_ + size_, text.data(), text.size());
    size_ += text.size();
  }
  void append(char c) { append(std::string_view(&c, 1)); }

  /// What was appended so far; valid as long as the arena and until the next append.
  [[nodiscard]] std::string_view view() const { return {data_, size_}; }

 private:
  bool grow(std::size_t more);

  Arena* arena_;
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace lamplighter::jsonata

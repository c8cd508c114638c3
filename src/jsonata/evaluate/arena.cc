#include "jsonata/evaluate/arena.h"

#include <algorithm>

namespace lamplighter::jsonata {

// Blocks of full size that an earlier arena of the same thread is done with. Fresh memory costs a page fault
// each 4 KiB, which would be a large part of the time of an evaluation.
class Arena::Pool {
 public:
  /// nullptr once the thread is ending.
  static Pool* of_thread() {
    thread_local bool is_over = false;
    thread_local Pool pool(is_over);
    return is_over ? nullptr : &pool;
  }

  explicit Pool(bool& is_over) : is_over_(is_over) {}
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { is_over_ = true; }

  std::unique_ptr<std::byte[]> take() {
    if (blocks_.empty()) return std::unique_ptr<std::byte[]>(new std::byte[kBlock]);
    std::unique_ptr<std::byte[]> block = std::move(blocks_.back());
    blocks_.pop_back();
    return block;
  }

  void give(std::unique_ptr<std::byte[]> block) {
    if (blocks_.size() < kMostBlocks) blocks_.push_back(std::move(block));
  }

 private:
  static constexpr std::size_t kMostBlocks = 16;  // 1 MiB

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  bool& is_over_;
};

Arena::~Arena() {
  if (blocks_.empty()) return;
  Pool* pool = Pool::of_thread();
  if (pool == nullptr) return;
  for (Block& block : blocks_) {
    if (block.size == kBlock) pool->give(std::move(block.bytes));
  }
}

std::unique_ptr<std::byte[]> Arena::make_block(std::size_t size) {
  Pool* pool = size == kBlock ? Pool::of_thread() : nullptr;
  return pool != nullptr ? pool->take() : std::unique_ptr<std::byte[]>(new std::byte[size]);
}

void* Arena::allocate_block(std::size_t bytes) {
  has_room(bytes);
  small_block_ = std::min(small_block_ * 4, kBlock);
  const std::size_t size = std::max(bytes, small_block_);
  blocks_.push_back({make_block(size), size});
  reserved_ += size;
  std::byte* block = blocks_.back().bytes.get();
  if (size == bytes && next_ != end_) return block;  // keep filling the old block
  next_ = block + bytes;
  end_ = block + size;
  return block;
}

bool TextBuilder::grow(std::size_t more) {
  const std::size_t capacity = std::max({size_ + more, capacity_ * 2, std::size_t{32}});
  if (!arena_->has_room(capacity)) return false;
  if (data_ != nullptr && arena_->extend(data_, capacity_, capacity)) {
    capacity_ = capacity;
    return true;
  }
  char* data = arena_->array<char>(capacity);
  if (size_ > 0) std::memcpy(data, data_, size_);
  data_ = data;
  capacity_ = capacity;
  return true;
}

}  // namespace lamplighter::jsonata

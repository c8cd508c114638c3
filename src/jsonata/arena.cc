#include "jsonata/arena.h"

#include <algorithm>

namespace lamplighter::jsonata {

void* Arena::allocate_block(std::size_t bytes) {
  has_room(bytes);
  const std::size_t size = std::max(bytes, block_bytes_ = std::min(block_bytes_ * 2, kLargestBlock));
  blocks_.emplace_back(new std::byte[size]);
  reserved_ += size;
  std::byte* block = blocks_.back().get();
  if (size == bytes && static_cast<std::size_t>(end_ - next_) > 0)
    return block;  // keep filling the old block
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

#include "jsonata/evaluate/value.h"

#include <algorithm>
#include <functional>

namespace lamplighter::jsonata {
namespace {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

bool comes_before(const Member& left, const Member& right) {
  const bool left_index = is_index_key(left.key);
  if (!left_index || !is_index_key(right.key)) return left_index && !is_index_key(right.key);
  return left.key.size() != right.key.size() ? left.key.size() < right.key.size() : left.key < right.key;
}

std::size_t hash_of(std::string_view key) { return std::hash<std::string_view>{}(key); }

}  // namespace

bool is_index_key(std::string_view key) {
  if (key.empty() || key[0] > '9' || key.size() > 10 || (key[0] == '0' && key.size() > 1)) return false;
  if (!std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
  return key.size() < 10 || key < "4294967295";
}

bool Value::same_as(Value other) const {
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::undefined:
    case Kind::null:
      return true;
    case Kind::boolean:
      return boolean_ == other.boolean_;
    case Kind::number:
      return number_ == other.number_;
    case Kind::string:
      return string() == other.string();
    default:
      return text_ == other.text_;
  }
}

void Array::push_all(Arena& arena, Value values) {
  if (range_) unfold(arena);
  const Items source(values);
  if (!items_.reserve(arena, items_.size() + source.size())) return;
  for (std::size_t i = 0; i < source.size(); ++i) items_.push(arena, source[i]);
}

void Array::unfold(Arena& arena) {
  range_ = false;
  if (!items_.reserve(arena, range_size_)) return;
  for (std::size_t i = 0; i < range_size_; ++i)
    items_.push(arena, Value(range_start_ + static_cast<double>(i)));
}

std::size_t Object::position_of(std::string_view key) const {
  if (slot_count_ == 0) {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (members_[i].key == key) return i;
    }
    return kNowhere;
  }
  for (std::size_t slot = hash_of(key);; ++slot) {
    const std::uint32_t entry = slots_[slot & (slot_count_ - 1)];
    if (entry == 0) return kNowhere;
    if (members_[entry - 1].key == key) return entry - 1;
  }
}

Value* Object::find(std::string_view key) {
  const std::size_t position = position_of(key);
  return position == kNowhere ? nullptr : &members_[position].value;
}

const Value* Object::find(std::string_view key) const {
  const std::size_t position = position_of(key);
  return position == kNowhere ? nullptr : &members_[position].value;
}

void Object::set(Arena& arena, std::string_view key, Value value) {
  if (Value* present = find(key)) {
    *present = value;
  } else {
    add(arena, key, value);
  }
}

void Object::add(Arena& arena, std::string_view key, Value value) {
  const std::size_t before = members_.size();
  members_.push(arena, Member{key, value});
  if (members_.size() == before) return;  // out of room: the evaluation ends at its next step
  if (is_index_key(key)) has_index_keys_ = true;
  if (has_index_keys_) ordered_ = false;
  if (members_.size() <= kMostPlain) return;
  if (members_.size() * 2 > slot_count_) {
    index_all(arena);
  } else {
    index_one(before);
  }
}

void Object::erase(std::string_view key) {
  const std::size_t position = position_of(key);
  if (position == kNowhere) return;
  members_.erase(position);
  std::fill(slots_, slots_ + slot_count_, 0);
  if (slot_count_ == 0) return;
  for (std::size_t i = 0; i < members_.size(); ++i) index_one(i);
}

const List<Member>& Object::members() {
  if (!ordered_) {
    ordered_ = true;
    std::stable_sort(members_.begin(), members_.end(), comes_before);
    std::fill(slots_, slots_ + slot_count_, 0);
    for (std::size_t i = 0; slot_count_ > 0 && i < members_.size(); ++i) index_one(i);
  }
  return members_;
}

void Object::index_all(Arena& arena) {
  const std::uint32_t count = std::max<std::uint32_t>(64, slot_count_ * 4);
  slots_ = arena.array<std::uint32_t>(count);
  slot_count_ = count;
  std::fill(slots_, slots_ + slot_count_, 0);
  for (std::size_t i = 0; i < members_.size(); ++i) index_one(i);
}

void Object::index_one(std::size_t position) {
  std::size_t slot = hash_of(members_[position].key);
  while (slots_[slot & (slot_count_ - 1)] != 0) ++slot;
  slots_[slot & (slot_count_ - 1)] = static_cast<std::uint32_t>(position + 1);
}

Value member_of(Value object, std::string_view key) {
  if (object.is_borrowed()) {
    const json::value* found = object.json_object().if_contains(key);
    return found == nullptr ? Value() : Value(*found);
  }
  const Value* found = object.object().find(key);
  return found == nullptr ? Value() : *found;
}

bool has_member(Value object, std::string_view key) {
  return object.is_borrowed() ? object.json_object().contains(key) : object.object().find(key) != nullptr;
}

std::size_t member_count(Value object) {
  return object.is_borrowed() ? object.json_object().size() : object.object().size();
}

List<Member> members_of(Value object, Arena& arena) {
  if (!object.is_borrowed()) return object.object().members();
  List<Member> members;
  if (!members.reserve(arena, object.json_object().size())) return members;
  bool index_keys = false;
  for (const auto& [key, value] : object.json_object()) {
    index_keys = index_keys || is_index_key(key);
    members.push(arena, Member{key, Value(value)});
  }
  if (index_keys) std::stable_sort(members.begin(), members.end(), comes_before);
  return members;
}

Array* make_sequence(Arena& arena) {
  Array* sequence = arena.make<Array>();
  sequence->sequence = true;
  return sequence;
}

Array* make_sequence(Arena& arena, Value only) {
  Array* sequence = make_sequence(arena);
  sequence->push(arena, only);
  return sequence;
}

}  // namespace lamplighter::jsonata

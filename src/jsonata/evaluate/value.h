// What an expression is evaluated to, on the way. A Value is 16 bytes, freely copied, and owns nothing: text,
// arrays and objects live in the input document (never copied) or in the evaluation's Arena.
#pragma once

#include <cstdint>
#include <string_view>

#include <boost/json.hpp>

#include "jsonata/evaluate/arena.h"

namespace lamplighter::jsonata {

namespace json = boost::json;

class Array;
class Object;
struct Function;
struct Tuple;
struct Thunk;

enum class Kind : std::uint8_t {
  undefined,  // no value: not null
  null,
  boolean,
  number,
  string,
  array,
  object,
  function,
  tuple,  // one row of a tuple stream (@, #, %); only inside the evaluator
  thunk,  // a tail call that is still to be made; only inside the evaluator
};

class Value {
 public:
  constexpr Value() noexcept : number_(0) {}
  constexpr explicit Value(double number) noexcept : kind_(Kind::number), number_(number) {}
  constexpr explicit Value(bool boolean) noexcept : kind_(Kind::boolean), boolean_(boolean) {}
  constexpr explicit Value(std::string_view text) noexcept
      : kind_(Kind::string), size_(static_cast<std::uint32_t>(text.size())), text_(text.data()) {}
  explicit Value(const char*) = delete;
  explicit Value(Array* array) noexcept : kind_(Kind::array), array_(array) {}
  explicit Value(Object* object) noexcept : kind_(Kind::object), object_(object) {}
  explicit Value(const Function* function) noexcept : kind_(Kind::function), function_(function) {}
  explicit Value(Tuple* tuple) noexcept : kind_(Kind::tuple), tuple_(tuple) {}
  explicit Value(const Thunk* thunk) noexcept : kind_(Kind::thunk), thunk_(thunk) {}
  /// Refers into `document`, which must outlive the Value.
  explicit Value(const json::value& document) noexcept;
  explicit Value(const json::array& array) noexcept
      : kind_(Kind::array), borrowed_(true), json_array_(&array) {}
  explicit Value(const json::object& object) noexcept
      : kind_(Kind::object), borrowed_(true), json_object_(&object) {}

  static constexpr Value null() noexcept {
    Value value;
    value.kind_ = Kind::null;
    return value;
  }

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] bool is_undefined() const { return kind_ == Kind::undefined; }
  [[nodiscard]] bool is_null() const { return kind_ == Kind::null; }
  [[nodiscard]] bool is_boolean() const { return kind_ == Kind::boolean; }
  [[nodiscard]] bool is_number() const { return kind_ == Kind::number; }
  [[nodiscard]] bool is_string() const { return kind_ == Kind::string; }
  [[nodiscard]] bool is_array() const { return kind_ == Kind::array; }
  [[nodiscard]] bool is_object() const { return kind_ == Kind::object; }
  [[nodiscard]] bool is_function() const { return kind_ == Kind::function; }
  [[nodiscard]] bool is_tuple() const { return kind_ == Kind::tuple; }
  [[nodiscard]] bool is_thunk() const { return kind_ == Kind::thunk; }

  /// Whether an array or object is part of the input document.
  [[nodiscard]] bool is_borrowed() const { return borrowed_; }
  /// An array made by evaluating, which counts as "no value" when empty and as its item when it has one.
  [[nodiscard]] bool is_sequence() const;
  [[nodiscard]] bool is_tuple_stream() const;

  // The caller knows the kind.
  [[nodiscard]] bool boolean() const { return boolean_; }
  [[nodiscard]] double number() const { return number_; }
  [[nodiscard]] std::string_view string() const { return {text_, size_}; }
  [[nodiscard]] Array& array() const { return *array_; }
  [[nodiscard]] Object& object() const { return *object_; }
  [[nodiscard]] const Function& function() const { return *function_; }
  [[nodiscard]] Tuple& tuple() const { return *tuple_; }
  [[nodiscard]] const Thunk& thunk() const { return *thunk_; }
  [[nodiscard]] const json::array& json_array() const { return *json_array_; }
  [[nodiscard]] const json::object& json_object() const { return *json_object_; }

  /// A function that was given as an argument: calls through it leave no trace in errors.
  [[nodiscard]] Value passed() const {
    Value value = *this;
    value.borrowed_ = true;
    return value;
  }
  [[nodiscard]] bool is_passed() const { return borrowed_; }

  /// The same object in memory, or the same plain value: JavaScript's `===`.
  [[nodiscard]] bool same_as(Value other) const;

 private:
  Kind kind_ = Kind::undefined;
  bool borrowed_ = false;
  std::uint32_t size_ = 0;
  union {
    double number_;
    bool boolean_;
    const char* text_;
    Array* array_;
    Object* object_;
    const Function* function_;
    Tuple* tuple_;
    const Thunk* thunk_;
    const json::array* json_array_;
    const json::object* json_object_;
  };
};

/// An array made by evaluating. A range ([1..1000000]) holds no items, only its ends.
class Array {
 public:
  bool sequence = false;        ///< see Value::is_sequence
  bool constructed = false;     ///< by […] as a step: its items are not merged into the sequence around it
  bool keep_singleton = false;  ///< stays an array even with one item
  bool tuple_stream = false;    ///< its items are tuples
  bool outer_wrapper = false;   ///< stands around an input that is an array itself

  [[nodiscard]] std::size_t size() const { return range_ ? range_size_ : items_.size(); }
  [[nodiscard]] Value operator[](std::size_t i) const {
    return range_ ? Value(range_start_ + static_cast<double>(i)) : items_[i];
  }
  void push(Arena& arena, Value value) {
    if (range_) unfold(arena);
    items_.push(arena, value);
  }
  /// Adds all items of the array `values`.
  void push_all(Arena& arena, Value values);
  void reserve(Arena& arena, std::size_t count) { items_.reserve(arena, count); }
  [[nodiscard]] bool is_range() const { return range_; }
  void set_range(double start, std::size_t size) {
    range_ = true;
    range_start_ = start;
    range_size_ = size;
  }
  /// Replaces an item. Not for a range.
  void set(std::size_t i, Value value) { items_[i] = value; }
  Value* begin() { return items_.begin(); }
  Value* end() { return items_.end(); }

 private:
  void unfold(Arena& arena);

  List<Value> items_;
  double range_start_ = 0;
  std::size_t range_size_ = 0;
  bool range_ = false;
};

/// The items of an array, wherever they live.
class Items {
 public:
  explicit Items(Value array)
      : json_(array.is_borrowed() ? &array.json_array() : nullptr),
        own_(json_ != nullptr ? nullptr : &array.array()) {}

  [[nodiscard]] std::size_t size() const { return json_ != nullptr ? json_->size() : own_->size(); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] Value operator[](std::size_t i) const {
    return json_ != nullptr ? Value((*json_)[i]) : (*own_)[i];
  }

 private:
  const json::array* json_;
  const Array* own_;
};

struct Member {
  std::string_view key;
  Value value;
};

/// An object made by evaluating. Keys are in JavaScript's order: those that are array indexes ("0", "17")
/// first and ascending, then the others as they came.
class Object {
 public:
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  /// nullptr where there is no such key.
  Value* find(std::string_view key);
  [[nodiscard]] const Value* find(std::string_view key) const;
  /// Replaces or adds. The key must live as long as the object.
  void set(Arena& arena, std::string_view key, Value value);
  /// Adds a key that is known to be new.
  void add(Arena& arena, std::string_view key, Value value);
  /// Adds a key that is new and no array index, to an object of at most kMostPlain members. The fast way.
  void add_plain(Arena& arena, std::string_view key, Value value) {
    members_.push(arena, Member{key, value});
  }
  static constexpr std::size_t kMostPlain = 16;  ///< larger ones are searched by hash
  void erase(std::string_view key);
  /// The members in order.
  const List<Member>& members();
  void reserve(Arena& arena, std::size_t count) { members_.reserve(arena, count); }

 private:
  void index_all(Arena& arena);
  void index_one(std::size_t position);
  [[nodiscard]] std::size_t position_of(std::string_view key) const;

  List<Member> members_;
  std::uint32_t* slots_ = nullptr;  // open addressing: position + 1, 0 is free
  std::uint32_t slot_count_ = 0;
  bool has_index_keys_ = false;
  bool ordered_ = true;
};

/// Whether JavaScript takes the key for an array index ("0", "17"), which puts it before other keys.
bool is_index_key(std::string_view key);

/// The member `key` of an object; undefined where there is none.
Value member_of(Value object, std::string_view key);
[[nodiscard]] bool has_member(Value object, std::string_view key);
[[nodiscard]] std::size_t member_count(Value object);

/// All members of an object, in JavaScript's order.
List<Member> members_of(Value object, Arena& arena);

/// A new, empty sequence.
Array* make_sequence(Arena& arena);
/// A sequence of one, even of undefined.
Array* make_sequence(Arena& arena, Value only);

inline Value::Value(const json::value& document) noexcept : number_(0) {
  switch (document.kind()) {
    case json::kind::null:
      kind_ = Kind::null;
      break;
    case json::kind::bool_:
      kind_ = Kind::boolean;
      boolean_ = document.get_bool();
      break;
    case json::kind::int64:
      kind_ = Kind::number;
      number_ = static_cast<double>(document.get_int64());
      break;
    case json::kind::uint64:
      kind_ = Kind::number;
      number_ = static_cast<double>(document.get_uint64());
      break;
    case json::kind::double_:
      kind_ = Kind::number;
      number_ = document.get_double();
      break;
    case json::kind::string: {
      kind_ = Kind::string;
      const json::string& text = document.get_string();
      size_ = static_cast<std::uint32_t>(text.size());
      text_ = text.data();
      break;
    }
    case json::kind::array:
      kind_ = Kind::array;
      borrowed_ = true;
      json_array_ = &document.get_array();
      break;
    case json::kind::object:
      kind_ = Kind::object;
      borrowed_ = true;
      json_object_ = &document.get_object();
      break;
  }
}

inline bool Value::is_sequence() const { return is_array() && !borrowed_ && array_->sequence; }
inline bool Value::is_tuple_stream() const { return is_array() && !borrowed_ && array_->tuple_stream; }

}  // namespace lamplighter::jsonata

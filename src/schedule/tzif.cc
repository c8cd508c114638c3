#include "schedule/tzif.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace lamplighter::schedule {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::bad_input, "InvalidTimeZone", std::move(message));
}

/// A number in network order.
std::uint64_t to_number(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

/// The same with a sign.
std::int64_t to_signed(std::string_view bytes) {
  const auto value = to_number(bytes);
  return bytes.size() == 4 ? static_cast<std::int32_t>(value) : static_cast<std::int64_t>(value);
}

/// What is left to read of a file.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] std::string_view rest() const { return rest_; }
  Result<std::string_view> take(std::uint64_t count) {
    if (count > rest_.size()) return refuse("the file is cut off");
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

 private:
  std::string_view rest_;
};

struct Header {
  int version = 1;
  std::uint64_t utc_marks, standard_marks, leap_seconds, changes, types, letters;  ///< counts
};

Result<Header> read_header(Bytes& bytes) {
  if (TRY(bytes.take(kTzifMagic.size())) != kTzifMagic) return refuse("the file is no TZif file");
  Header header{};
  const char version = TRY(bytes.take(1)).front();
  if (version != '\0' && (version < '2' || version > '9')) return refuse("the file's version is unknown");
  header.version = version == '\0' ? 1 : version - '0';
  CHECK_OK(bytes.take(15));  // reserved
  for (auto* count : {&header.utc_marks, &header.standard_marks, &header.leap_seconds, &header.changes,
                      &header.types, &header.letters}) {
    *count = to_number(TRY(bytes.take(4)));
  }
  return header;
}

/// How the clock is set from the first moment of a file on.
struct Table {
  seconds first_offset{0};
  std::vector<Zone::Change> changes;
};

Result<std::vector<seconds>> read_types(std::string_view bytes) {
  constexpr std::size_t kTypeSize = 6;  // offset, whether it is summer, where its name is
  std::vector<seconds> offsets;
  for (std::size_t at = 0; at < bytes.size(); at += kTypeSize) {
    const seconds offset(to_signed(bytes.substr(at, 4)));
    if (offset < -Zone::kMaxOffset || offset > Zone::kMaxOffset)
      return refuse("the file has an offset of more than 26 hours");
    offsets.push_back(offset);
  }
  if (offsets.empty()) return refuse("the file has no offset");
  return offsets;
}

/// One of a file's two blocks, its moments in `time_size` bytes each.
Result<Table> read_block(Bytes& bytes, const Header& header, std::size_t time_size) {
  const auto times = TRY(bytes.take(header.changes * time_size));
  const auto indices = TRY(bytes.take(header.changes));
  const auto offsets = TRY(read_types(TRY(bytes.take(header.types * 6))));
  CHECK_OK(bytes.take(header.letters + header.leap_seconds * (time_size + 4) + header.standard_marks +
                      header.utc_marks));
  if (header.leap_seconds > 0) return refuse("the file counts leap seconds");
  Table table{offsets.front(), {}};
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const sys_seconds at(seconds(to_signed(times.substr(i * time_size, time_size))));
    const auto type = static_cast<unsigned char>(indices[i]);
    if (type >= offsets.size()) return refuse("the file names an offset that it doesn't have");
    if (!table.changes.empty() && at <= table.changes.back().at)
      return refuse("the file's changes are not in order");
    table.changes.push_back({at, offsets[type]});
  }
  return table;
}

/// "\nCET-1CEST,M3.5.0,M10.5.0/3\n"; nothing between the two: it isn't known how the clock goes on.
Result<std::optional<PosixRule>> read_footer(Bytes& bytes) {
  if (TRY(bytes.take(1)) != "\n") return refuse("the file has no rule at its end");
  const std::size_t end = bytes.rest().find('\n');
  if (end == std::string_view::npos) return refuse("the file is cut off");
  if (end == 0) return std::nullopt;
  return TRY(parse_posix_rule(bytes.rest().substr(0, end)));
}

}  // namespace

Result<Zone> read_tzif(std::string_view file) {
  Bytes bytes(file);
  Header header = TRY(read_header(bytes));
  if (header.version == 1) {
    Table table = TRY(read_block(bytes, header, 4));
    return Zone(table.first_offset, std::move(table.changes), std::nullopt);
  }
  // The first block is for readers that know no 64-bit moments.
  CHECK_OK(bytes.take(header.changes * 5 + header.types * 6 + header.letters + header.leap_seconds * 8 +
                      header.standard_marks + header.utc_marks));
  header = TRY(read_header(bytes));
  Table table = TRY(read_block(bytes, header, 8));
  const auto rule = TRY(read_footer(bytes));
  return Zone(table.first_offset, std::move(table.changes), rule);
}

}  // namespace lamplighter::schedule

#include "run/holder_table.h"

#include <utility>

#include "json/reader.h"
#include "run/holder_answer.h"

namespace lamplighter::run {
namespace {

constexpr const char* kPath = "/table";
constexpr std::string_view kInvalidRequest = "InvalidTableRequest";
constexpr std::int64_t kLatestVersion = std::int64_t{1} << 62U;

json::object to_json(const coordination::Item& item) {
  return {{"version", item.version}, {"text", item.text}};
}

Result<coordination::Item> read_item(const Reader& fields) {
  return coordination::Item{
      static_cast<std::uint64_t>(TRY(fields.whole_number("version", 0, kLatestVersion))),
      TRY(fields.optional_text("text"))};
}

Result<json::object> read(coordination::Table& table, const Reader& fields) {
  return to_json(TRY(table.read(TRY(fields.nonempty_text("key")))));
}

Result<json::object> replace(coordination::Table& table, const Reader& fields) {
  const auto key = TRY(fields.nonempty_text("key"));
  const auto seen = static_cast<std::uint64_t>(TRY(fields.whole_number("seen", 0, kLatestVersion)));
  return json::object{{"replaced", TRY(table.replace(key, seen, TRY(fields.text("text"))))}};
}

Result<json::object> list(coordination::Table& table, const Reader& fields) {
  json::object items;
  for (const auto& [key, item] : TRY(table.list(TRY(fields.nonempty_text("prefix"))))) {
    items[key] = to_json(item);
  }
  return json::object{{"items", std::move(items)}};
}

Result<json::object> carry_out(const std::string& body, const TableOf& table_of) {
  const json::value request = TRY(parse_json(body));
  const Reader fields = TRY(Reader::of(request, "the request", kInvalidRequest));
  const auto table = table_of(TRY(tasks::read_coordination(fields)));
  if (!table) return fail(ErrorKind::bad_input, "NoTable", "its runs agree by no table");
  const auto what = TRY(fields.nonempty_text("do"));
  if (what == "read") return read(*table, fields);
  if (what == "replace") return replace(*table, fields);
  if (what == "list") return list(*table, fields);
  return fields.unexpected("do", R"("read", "replace" or "list")");
}

}  // namespace

std::optional<http::Response> answer_table(const http::Request& request, const TableOf& table_of) {
  if (request.method != "POST" || request.url != kPath) return std::nullopt;
  return holder_answer(carry_out(request.body, table_of));
}

Result<json::value> HolderTable::ask(json::object request) {
  request["coordination"] = tasks::to_json(coordination_);
  return parse_json(TRY(caller_.post(kPath, json_text(request))));
}

Result<coordination::Item> HolderTable::read(const std::string& key) {
  const json::value answer = TRY(ask({{"do", "read"}, {"key", key}}));
  return read_item(TRY(Reader::of(answer, "the holder's answer", "InvalidResponse")));
}

Result<bool> HolderTable::replace(const std::string& key, std::uint64_t seen, const std::string& text) {
  return get_bool(TRY(ask({{"do", "replace"}, {"key", key}, {"seen", seen}, {"text", text}})), "replaced");
}

Result<std::map<std::string, coordination::Item>> HolderTable::list(const std::string& prefix) {
  const json::value answer = TRY(ask({{"do", "list"}, {"prefix", prefix}}));
  const Reader items = TRY(TRY(Reader::of(answer, "the holder's answer", "InvalidResponse")).object("items"));
  std::map<std::string, coordination::Item> found;
  for (const auto& member : items.members()) {
    const std::string key(member.key());
    found.emplace(key, TRY(read_item(TRY(items.object(key)))));
  }
  return found;
}

}  // namespace lamplighter::run

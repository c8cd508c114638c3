#include "run/holder_answer.h"

namespace lamplighter::run {

http::Response holder_answer(const Result<json::value>& answer) {
  const http::Headers headers{{"Content-Type", "application/json"}};
  if (answer) return {200, headers, json_text(*answer)};
  const Error& error = answer.error();
  return {error.kind == ErrorKind::bad_input ? 400 : 500, headers,
          json_text(json::object{{"__type", error.code}, {"message", error.message}})};
}

}  // namespace lamplighter::run

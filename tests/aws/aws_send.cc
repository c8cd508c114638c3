// For the tests: sends the requests that stand on standard input as JSON, one a line, with the product's own
// transport, and prints each answer as a line of JSON. Those that say "rest" are signed as REST calls are.
#include <iostream>
#include <utility>

#include "http/curl_transport.h"
#include "http/signature.h"
#include "json/json.h"

using namespace lamplighter;  // NOLINT(google-build-using-namespace)

namespace {

http::OutgoingRequest read_request(const json::value& value) {
  http::OutgoingRequest request;
  request.method = get_string(value, "method", "POST");
  request.url = get_string(value, "url");
  request.body = get_string(value, "body");
  if (const auto* headers = find(value, "headers")) {
    for (const auto& [name, text] : headers->as_object())
      request.headers.emplace_back(name, text.as_string());
  }
  if (!get_string(value, "service").empty()) {
    request.signing =
        http::Signing{get_string(value, "region"),
                      get_string(value, "service"),
                      {get_string(value, "key"), get_string(value, "secret"), get_string(value, "token")}};
  }
  if (find(value, "rest") == nullptr) return request;
  const auto signing = *std::exchange(request.signing, std::nullopt);
  return http::signed_request(std::move(request), signing, SystemClock().now());
}

}  // namespace

int main() {
  http::CurlOptions options;
  options.ca_bundle = http::find_ca_bundle(SystemHost());
  http::CurlTransport transport(options);
  for (std::string line; std::getline(std::cin, line);) {
    const auto response = transport.send(read_request(parse_json(line).value()));
    json::object out;
    if (response) {
      out = {{"status", response->status}, {"body", response->body}};
    } else {
      out = {{"error", response.error().code}, {"message", response.error().message}};
    }
    std::cout << json_text(out) << std::endl;
  }
}

#include "sim/call.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

namespace lamplighter::sim {
namespace {

constexpr std::size_t kLargestBody = std::size_t{2} << 20;
constexpr std::size_t kMostParameters = 10'000;
constexpr std::size_t kLongestName = 256;

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

/// Undoes form encoding; a '%' that begins no escape stays as it is.
std::string decode_form(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (escape) {
      decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

/// False where there are too many parameters.
bool parse_form(std::string_view form, CallParameters& parameters) {
  while (!form.empty()) {
    const std::string_view pair = form.substr(0, form.find('&'));
    form.remove_prefix(std::min(form.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    if (pair.empty() || std::min(equals, pair.size()) > kLongestName) continue;
    if (parameters.size() >= kMostParameters) return false;
    parameters.set(decode_form(pair.substr(0, equals)),
                   equals == std::string_view::npos ? "" : decode_form(pair.substr(equals + 1)));
  }
  return true;
}

std::string_view service_of_version(std::string_view version) {
  if (version == "2016-11-15") return "ec2";
  if (version == "2010-08-01") return "monitoring";
  if (version == "2010-03-31") return "sns";
  if (version == "2011-06-15") return "sts";
  return "";
}

/// Fills in access key, region and service from "… Credential=KEY/DATE/REGION/SERVICE/aws4_request, …".
void read_scope(std::string_view authorization, Call& call) {
  constexpr std::string_view kCredential = "Credential=";
  const auto begin = authorization.find(kCredential);
  if (begin == std::string_view::npos) return;
  std::string_view scope = authorization.substr(begin + kCredential.size());
  scope = scope.substr(0, scope.find_first_of(", "));
  std::vector<std::string_view> parts;
  for (std::size_t slash = 0; parts.size() < 5 && slash != std::string_view::npos;) {
    slash = scope.find('/');
    parts.push_back(scope.substr(0, slash));
    if (slash != std::string_view::npos) scope.remove_prefix(slash + 1);
  }
  if (parts.size() != 5) return;
  call.access_key = parts[0];
  call.region = parts[2];
  call.service = parts[3];
}

bool plausible_region(std::string_view region) {
  return !region.empty() && region.size() <= 32 &&
         std::all_of(region.begin(), region.end(), [](char character) {
           return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9') ||
                  character == '-';
         });
}

void identify(const aws::HttpRequest& request, Call& call) {
  read_scope(aws::header(request.headers, "Authorization"), call);
  if (call.service.empty() && request.signing) {
    call.service = request.signing->service;
    call.region = request.signing->region;
    call.access_key = request.signing->credentials.access_key_id;
  }
  if (call.service.empty()) call.service = service_of_version(call.parameters.get("Version"));
  if (call.region.empty()) call.region = "us-east-1";
}

}  // namespace

const std::string& CallParameters::get(const std::string& name) const {
  static const std::string none;
  const auto value = values_.find(name);
  return value == values_.end() ? none : value->second;
}

bool CallParameters::is_true(const std::string& name) const {
  const std::string& value = get(name);
  return value == "true" || value == "True" || value == "1";
}

std::vector<std::string> CallParameters::numbered(const std::string& prefix) const {
  const std::string start = prefix + ".";
  std::set<int> numbers;
  for (auto value = values_.lower_bound(start); value != values_.end() && value->first.starts_with(start);
       ++value) {
    int number = 0;
    const char* digits = value->first.data() + start.size();
    const char* end = value->first.data() + value->first.size();
    const auto [stop, error] = std::from_chars(digits, end, number);
    if (error == std::errc{} && (stop == end || *stop == '.')) numbers.insert(number);
  }
  std::vector<std::string> names;
  names.reserve(numbers.size());
  for (const int number : numbers) names.push_back(fmt::format("{}{}", start, number));
  return names;
}

std::vector<std::string> CallParameters::list(const std::string& prefix) const {
  std::vector<std::string> values;
  for (const std::string& name : numbered(prefix)) values.push_back(get(name));
  return values;
}

Protocol protocol_of(const aws::HttpRequest& request) {
  Call call;
  read_scope(aws::header(request.headers, "Authorization"), call);
  if (call.service.empty() && request.signing) call.service = request.signing->service;
  return call.service == "ec2" ? Protocol::ec2 : Protocol::query;
}

tl::expected<Call, ApiError> parse_call(const aws::HttpRequest& request) {
  if (request.body.size() > kLargestBody)
    return refuse("RequestEntityTooLarge", "The request is too large.", 413);
  Call call;
  const auto query = request.url.find('?');
  const std::string_view url = request.url;
  if ((query != std::string::npos && !parse_form(url.substr(query + 1), call.parameters)) ||
      !parse_form(request.body, call.parameters)) {
    return refuse("MalformedQueryString", "The request has too many parameters.");
  }
  identify(request, call);
  call.action = call.parameters.get("Action");
  call.protocol = call.service == "ec2" ? Protocol::ec2 : Protocol::query;
  if (!plausible_region(call.region))
    return refuse("SignatureDoesNotMatch", "Credential should be scoped to a valid region.", 403);
  if (call.action.empty()) return refuse("MissingAction", "The request must contain the parameter Action.");
  return call;
}

}  // namespace lamplighter::sim

#include "simcloud/call.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "http/uri.h"

namespace lamplighter::simcloud {
namespace {

constexpr std::size_t kLargestBody = std::size_t{2} << 20;
constexpr std::size_t kMostParameters = 10'000;
constexpr std::size_t kLongestName = 256;
constexpr std::size_t kDeepestJson = 16;
constexpr std::string_view kTargetHeader = "X-Amz-Target";

/// False where there are too many parameters.
bool parse_form(std::string_view form, CallParameters& parameters) {
  auto decoded = http::form_decode(form, kMostParameters - std::min(kMostParameters, parameters.size()));
  if (!decoded) return false;
  for (auto& [name, value] : *decoded) {
    if (name.size() <= kLongestName) parameters.set(name, std::move(value));
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

/// Lays a structure flat, as the query protocol sends it. False where there are too many parameters.
bool flatten(const std::string& name, const json::value& value, CallParameters& parameters) {
  if (parameters.size() >= kMostParameters || name.size() > kLongestName) return false;
  if (const auto* members = value.if_object()) {
    return std::all_of(members->begin(), members->end(), [&](const auto& member) {
      return flatten(fmt::format("{}{}{}", name, name.empty() ? "" : ".", std::string_view(member.key())),
                     member.value(), parameters);
    });
  }
  if (const auto* elements = value.if_array()) {
    for (std::size_t i = 0; i < elements->size(); ++i) {
      if (!flatten(fmt::format("{}.member.{}", name, i + 1), (*elements)[i], parameters)) return false;
    }
    return true;
  }
  if (!value.is_null())
    parameters.set(name, value.is_string() ? std::string(value.get_string()) : json_text(value));
  return true;
}

/// The ec2 and query protocols: a form, in the body or after the path.
std::optional<ApiError> read_query(const http::OutgoingRequest& request, Call& call) {
  const std::string_view url = request.url;
  const auto query = url.find('?');
  if ((query != std::string::npos && !parse_form(url.substr(query + 1), call.parameters)) ||
      !parse_form(request.body, call.parameters)) {
    return ApiError{400, "MalformedQueryString", "The request has too many parameters."};
  }
  call.action = call.parameters.get("Action");
  return std::nullopt;
}

/// JSON 1.0 and 1.1: X-Amz-Target is "NAMESPACE.ACTION".
std::optional<ApiError> read_json(const http::OutgoingRequest& request, Call& call) {
  const std::string_view target = http::header(request.headers, kTargetHeader);
  call.action = target.substr(target.rfind('.') + 1);
  auto input = parse_json(request.body.empty() ? "{}" : request.body, kDeepestJson, kLargestBody);
  if (!input || !input->is_object() || !flatten("", *input, call.parameters)) {
    return ApiError{400, "SerializationException", "The request's body is not understood."};
  }
  call.body = std::move(input->get_object());
  return std::nullopt;
}

void identify(const http::OutgoingRequest& request, Call& call) {
  read_scope(http::header(request.headers, "Authorization"), call);
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

std::map<std::string, std::string> CallParameters::entries(const std::string& prefix) const {
  const std::string start = prefix + ".";
  std::map<std::string, std::string> found;
  for (auto value = values_.lower_bound(start); value != values_.end() && value->first.starts_with(start);
       ++value) {
    found[value->first.substr(start.size())] = value->second;
  }
  return found;
}

Protocol protocol_of(const http::OutgoingRequest& request) {
  if (!http::header(request.headers, kTargetHeader).empty()) return Protocol::json;
  Call call;
  read_scope(http::header(request.headers, "Authorization"), call);
  if (call.service.empty() && request.signing) call.service = request.signing->service;
  return call.service == "ec2" ? Protocol::ec2 : Protocol::query;
}

tl::expected<Call, ApiError> parse_call(const http::OutgoingRequest& request) {
  if (request.body.size() > kLargestBody)
    return refuse("RequestEntityTooLarge", "The request is too large.", 413);
  Call call;
  call.protocol = protocol_of(request);
  if (const auto refused =
          call.protocol == Protocol::json ? read_json(request, call) : read_query(request, call)) {
    return tl::unexpected(*refused);
  }
  identify(request, call);
  if (call.protocol == Protocol::query && call.service == "ec2") call.protocol = Protocol::ec2;
  if (!plausible_region(call.region)) {
    return refuse("SignatureDoesNotMatch", "Credential should be scoped to a valid region.", 403);
  }
  if (call.action.empty()) return refuse("MissingAction", "The request must contain the parameter Action.");
  return call;
}

}  // namespace lamplighter::simcloud

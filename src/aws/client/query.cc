#include "aws/client/query.h"

#include <algorithm>

#include <fmt/format.h>

#include "aws/client/service.h"
#include "http/uri.h"

namespace lamplighter::aws {
namespace {

/// Whether a second time would do something more. (Starting what starts, marking what is marked is nothing.)
bool is_idempotent(std::string_view service, std::string_view action) {
  return service != "sns" || action != "Publish";
}

/// The outermost element's name; "" where there is none.
std::string_view outermost(std::string_view xml) {
  constexpr std::string_view kBlanks = " \t\r\n";
  if (xml.starts_with("\xEF\xBB\xBF")) xml.remove_prefix(3);
  while (true) {
    xml.remove_prefix(std::min(xml.find_first_not_of(kBlanks), xml.size()));
    const bool is_comment = xml.starts_with("<!--");
    if (!is_comment && !xml.starts_with("<?")) break;
    const auto end = xml.find(is_comment ? "-->" : "?>");
    if (end == std::string_view::npos) return "";
    xml.remove_prefix(end + (is_comment ? 3 : 2));
  }
  if (!xml.starts_with('<')) return "";
  xml.remove_prefix(1);
  xml = xml.substr(0, xml.find_first_of(" \t\r\n/>"));
  return xml.substr(xml.find(':') + 1);  // behind its namespace, where it has one
}

}  // namespace

Result<ApiRequest> query_request(std::string_view region, std::string_view service, std::string_view action,
                                 const Parameters& parameters) {
  Parameters form{{"Action", std::string(action)},
                  {"Version", std::string(TRY(find_service(service)).api_version)}};
  form.insert(form.end(), parameters.begin(), parameters.end());
  ApiRequest request;
  request.service = service;
  request.action = action;
  request.region = region;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body = http::form_encode(form);
  request.once = !is_idempotent(service, action);
  return request;
}

Status check_answer(std::string_view action, std::string_view body) {
  const std::string expected = fmt::format("{}Response", action);
  const auto found = outermost(body);
  if (found == expected) return {};
  constexpr std::size_t kShown = 60;
  return fail(ErrorKind::aws, "InvalidResponse",
              fmt::format("the answer is not AWS's: found {}, expected <{}>",
                          found.empty() ? "no XML" : fmt::format("<{}>", found.substr(0, kShown)), expected));
}

void add_list(Parameters& parameters, std::string_view prefix, const std::vector<std::string>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    parameters.emplace_back(fmt::format("{}.{}", prefix, i + 1), values[i]);
  }
}

}  // namespace lamplighter::aws

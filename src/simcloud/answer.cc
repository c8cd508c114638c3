#include "simcloud/answer.h"

#include <sstream>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "base/clock.h"

namespace lamplighter::simcloud {
namespace {

std::string_view xml_namespace(std::string_view service) {
  if (service == "ec2") return "http://ec2.amazonaws.com/doc/2016-11-15/";
  if (service == "monitoring") return "http://monitoring.amazonaws.com/doc/2010-08-01/";
  if (service == "sns") return "http://sns.amazonaws.com/doc/2010-03-31/";
  return "https://sts.amazonaws.com/doc/2011-06-15/";
}

/// Whose fault an error is, in the query protocol's words.
std::string_view fault_of(const ApiError& error) { return error.status < 500 ? "Sender" : "Receiver"; }

std::string scalar(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  return json_text(value);
}

void append(pugi::xml_node parent, const std::string& name, const json::value& value, const char* item);

void append_members(pugi::xml_node parent, const json::object& members, const char* item) {
  for (const auto& [name, value] : members) append(parent, std::string(name), value, item);
}

void append(pugi::xml_node parent, const std::string& name, const json::value& value, const char* item) {
  if (name == "entry" && value.is_array()) {
    // The entries of a map stand in a row, without a list around them.
    for (const json::value& element : value.get_array()) append(parent, name, element, item);
    return;
  }
  pugi::xml_node node = parent.append_child(name.c_str());
  if (const auto* members = value.if_object()) {
    append_members(node, *members, item);
  } else if (const auto* elements = value.if_array()) {
    for (const json::value& element : *elements) append(node, item, element, item);
  } else {
    node.text().set(scalar(value).c_str());
  }
}

http::Response xml_response(int status, const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, "", pugi::format_raw);
  return {.status = status,
          .headers = {{"Content-Type", "text/xml;charset=UTF-8"}},
          .body = std::move(text).str()};
}

pugi::xml_node root(pugi::xml_document& document, const std::string& name, std::string_view service) {
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node node = document.append_child(name.c_str());
  node.append_attribute("xmlns") = std::string(xml_namespace(service)).c_str();
  return node;
}

http::Response write_ec2(std::string_view action, const Answer& answer, std::string_view request_id) {
  pugi::xml_document document;
  if (answer) {
    pugi::xml_node response = root(document, fmt::format("{}Response", action), "ec2");
    append(response, "requestId", json::string(request_id), "item");
    append_members(response, *answer, "item");
    return xml_response(200, document);
  }
  pugi::xml_node response = document.append_child("Response");
  append(response, "Errors",
         {{"Error", {{"Code", answer.error().code}, {"Message", answer.error().message}}}}, "item");
  append(response, "RequestID", json::string(request_id), "item");
  return xml_response(answer.error().status, document);
}

http::Response write_query(std::string_view service, std::string_view action, const Answer& answer,
                           std::string_view request_id) {
  pugi::xml_document document;
  if (answer) {
    pugi::xml_node response = root(document, fmt::format("{}Response", action), service);
    append(response, fmt::format("{}Result", action), *answer, "member");
    append(response, "ResponseMetadata", {{"RequestId", request_id}}, "member");
    return xml_response(200, document);
  }
  pugi::xml_node response = root(document, "ErrorResponse", service);
  append(response, "Error",
         {{"Type", fault_of(answer.error())},
          {"Code", answer.error().code},
          {"Message", answer.error().message}},
         "member");
  append(response, "RequestId", json::string(request_id), "member");
  return xml_response(answer.error().status, document);
}

/// In JSON an instant is a number of seconds: the members whose names end in "Timestamp".
json::value with_instants(const json::value& value) {
  if (const auto* elements = value.if_array()) {
    json::array changed;
    for (const json::value& element : *elements) changed.push_back(with_instants(element));
    return changed;
  }
  const auto* members = value.if_object();
  if (members == nullptr) return value;
  json::object changed;
  for (const auto& [name, member] : *members) {
    const bool instant = std::string_view(name).ends_with("Timestamp") && member.is_string();
    const auto time = instant ? parse_time(member.get_string()) : fail(ErrorKind::internal, "", "");
    changed[name] = time ? json::value(std::chrono::duration<double>(time->time_since_epoch()).count())
                         : with_instants(member);
  }
  return changed;
}

/// An error's code as the service writes it: DynamoDB says where it comes from.
std::string error_type(std::string_view service, const std::string& code) {
  if (service != "dynamodb") return code;
  if (code == "ValidationException") return "com.amazon.coral.validate#" + code;
  if (code == "AccessDeniedException") return "com.amazon.coral.service#" + code;
  return "com.amazonaws.dynamodb.v20120810#" + code;
}

http::Response write_json(std::string_view service, const Answer& answer) {
  const bool spoke_query = service == "monitoring";  // and its errors say what they were called there
  const bool older = spoke_query || service == "dynamodb";
  http::Response response;
  response.headers = {{"Content-Type", older ? "application/x-amz-json-1.0" : "application/x-amz-json-1.1"}};
  if (answer) {
    response.status = 200;
    response.body = service == "dynamodb" ? json_text(*answer) : json_text(with_instants(*answer));
    return response;
  }
  const ApiError& error = answer.error();
  response.status = error.status;
  if (spoke_query)
    response.headers.emplace_back("x-amzn-query-error", fmt::format("{};{}", error.code, fault_of(error)));
  response.body =
      json_text(json::object{{"__type", error_type(service, error.code)}, {"message", error.message}});
  return response;
}

http::Response write_in(Protocol protocol, std::string_view service, std::string_view action,
                        const Answer& answer, std::string_view request_id) {
  switch (protocol) {
    case Protocol::ec2:
      return write_ec2(action, answer, request_id);
    case Protocol::query:
      return write_query(service, action, answer, request_id);
    case Protocol::json:
      break;
  }
  return write_json(service, answer);
}

}  // namespace

http::Response write_answer(Protocol protocol, std::string_view service, std::string_view action,
                            const Answer& answer, std::string_view request_id) {
  http::Response response = write_in(protocol, service, action, answer, request_id);
  response.headers.emplace_back("x-amzn-RequestId", request_id);
  return response;
}

}  // namespace lamplighter::simcloud

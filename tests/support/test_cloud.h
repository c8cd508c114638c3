// For the tests of this layer: a small cloud, and calls to it as a client makes them.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "simcloud/cloud.h"

namespace lamplighter::simcloud {

inline ServerSpec a_server(std::string name, std::string state = "stopped",
                           std::string region = "us-east-1") {
  ServerSpec spec;
  spec.name = std::move(name);
  spec.region = std::move(region);
  spec.state = std::move(state);
  return spec;
}

inline Fault a_fault(std::string_view text) { return parse_fault(text).value(); }

/// A cloud, its time, and a client that reads XML.
class TestCloud {
 public:
  explicit TestCloud(const CloudSpec& spec) : cloud(spec) {}

  std::optional<http::Response> raw(std::string_view service, std::string_view action,
                                    std::string_view parameters, std::string_view region = "us-east-1") {
    http::OutgoingRequest request;
    request.url = "http://127.0.0.1:4566/";
    request.headers = {
        {"authorization", fmt::format("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/{}/{}/aws4_request, "
                                      "SignedHeaders=host, Signature=00",
                                      region, service)}};
    request.body = fmt::format("Action={}&{}", action, parameters);
    return cloud.handle(request, now);
  }

  /// The answer's root element; `status` holds its HTTP status, 0 for a reset connection.
  pugi::xml_node call(std::string_view service, std::string_view action, std::string_view parameters = "",
                      std::string_view region = "us-east-1") {
    const auto response = raw(service, action, parameters, region);
    status = response ? response->status : 0;
    document.load_string(response ? response->body.c_str() : "");
    return document.document_element();
  }

  /// The error code of a call that is refused; "" where it is not.
  std::string error(std::string_view service, std::string_view action, std::string_view parameters = "") {
    const pugi::xml_node root = call(service, action, parameters);
    const pugi::xml_node error = service == "ec2" ? root.child("Errors").child("Error") : root.child("Error");
    return error.child_value("Code");
  }

  /// The id of the server of that name.
  std::string id(std::string_view name) {
    for (const json::value& server : cloud.servers(now)) {
      if (get_string(server, "name") == name) return get_string(server, "id");
    }
    return "";
  }

  /// One member of a server's true state.
  std::string truth(std::string_view name, std::string_view member) {
    for (const json::value& server : cloud.servers(now)) {
      if (get_string(server, "name") == name) return get_string(server, member);
    }
    return "";
  }
  std::string state(std::string_view name) { return truth(name, "state"); }

  void pass(Duration duration) { now += duration; }

  Cloud cloud;
  Time now{std::chrono::seconds(1'800'000'000)};
  int status = 0;
  pugi::xml_document document;
};

/// The texts of all elements that an XPath finds.
inline std::vector<std::string> texts(pugi::xml_node root, const char* path) {
  std::vector<std::string> found;
  for (const auto& node : root.select_nodes(path)) found.emplace_back(node.node().text().get());
  return found;
}

}  // namespace lamplighter::simcloud

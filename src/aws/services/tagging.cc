#include "aws/services/tagging.h"

#include "aws/client/json_answer.h"
#include "json/json.h"

namespace lamplighter::aws {
namespace {

constexpr std::string_view kService = "resource_groups_tagging_api";
constexpr int kMostPages = 1'000;
constexpr std::size_t kMostResources = 100'000;
constexpr int kPerPage = 100;

json::object tags_object(const std::map<std::string, std::string>& tags) {
  json::object object;
  for (const auto& [key, value] : tags) object[key] = value;
  return object;
}

FailedResources read_failures(const json::value& answer) {
  FailedResources failed;
  const auto* map = find(answer, "FailedResourcesMap");
  if (map == nullptr || !map->is_object()) return failed;
  for (const auto& [arn, why] : map->get_object()) {
    failed.emplace(arn, Error{ErrorKind::aws, get_string(why, "ErrorCode", "InternalServiceException"),
                              get_string(why, "ErrorMessage", "no reason was given")});
  }
  return failed;
}

void read_resources(const json::value& answer, std::vector<TaggedResource>& resources) {
  const auto* mappings = find(answer, "ResourceTagMappingList");
  if (mappings == nullptr || !mappings->is_array()) return;
  for (const auto& mapping : mappings->get_array()) {
    TaggedResource resource{get_string(mapping, "ResourceARN"), {}};
    const auto* tags = find(mapping, "Tags");
    if (tags != nullptr && tags->is_array()) {
      for (const auto& tag : tags->get_array())
        resource.tags[get_string(tag, "Key")] = get_string(tag, "Value");
    }
    if (!resource.arn.empty()) resources.push_back(std::move(resource));
  }
}

}  // namespace

Result<json::value> Tagging::call(std::string_view action, const json::object& body) {
  return parse_answer(action, TRY(caller_.call_json(target_, kService, action, body)));
}

Result<FailedResources> Tagging::tag(const std::vector<std::string>& arns,
                                     const std::map<std::string, std::string>& tags) {
  return read_failures(
      TRY(call("TagResources", {{"ResourceARNList", json::value_from(arns)}, {"Tags", tags_object(tags)}})));
}

Result<FailedResources> Tagging::untag(const std::vector<std::string>& arns,
                                       const std::vector<std::string>& keys) {
  return read_failures(TRY(call(
      "UntagResources", {{"ResourceARNList", json::value_from(arns)}, {"TagKeys", json::value_from(keys)}})));
}

Status Tagging::list(std::string_view type, std::string_view key, TaggedListing& listing) {
  auto& pages = listing.pages;
  while (!listing.complete) {
    json::object body{{"ResourceTypeFilters", json::array{type}},
                      {"TagFilters", json::array{json::object{{"Key", key}}}},
                      {"ResourcesPerPage", kPerPage}};
    if (!pages.next.empty()) body["PaginationToken"] = pages.next;
    const auto answer = TRY(call("GetResources", body));
    read_resources(answer, listing.resources);
    pages.next = get_string(answer, "PaginationToken");
    listing.complete = pages.next.empty();
    if (++pages.pages > kMostPages || listing.resources.size() > kMostResources ||
        (!listing.complete && !pages.tokens.insert(pages.next).second)) {
      return fail(ErrorKind::aws, "InvalidResponse", "GetResources: its pages never come to an end");
    }
  }
  return {};
}

}  // namespace lamplighter::aws

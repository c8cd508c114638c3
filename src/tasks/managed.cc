#include "tasks/managed.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace lamplighter::tasks {
namespace {

struct Manager {
  std::string_view tag;   ///< its key, or with * at the end the beginning of it
  std::string_view what;  ///< "{}" is the tag's value, or what stands for *
};

// The more particular first: a node group's instances are in an Auto Scaling group, too.
// clang-format off
constexpr std::array kManagers{
    Manager{"eks:nodegroup-name",               "the EKS node group {}"},
    Manager{"eks:eks-cluster-name",             "the EKS cluster {}"},
    Manager{"eks:cluster-name",                 "the EKS cluster {}"},
    Manager{"karpenter.sh/nodepool",            "the Karpenter node pool {}"},
    Manager{"karpenter.sh/provisioner-name",    "the Karpenter provisioner {}"},
    Manager{"aws:ecs:clusterName",              "the ECS cluster {}"},
    Manager{"AmazonECSManaged",                 "an ECS capacity provider"},
    Manager{"AWSBatchServiceTag",               "an AWS Batch compute environment"},
    Manager{"elasticbeanstalk:environment-name","the Elastic Beanstalk environment {}"},
    Manager{"aws:elasticmapreduce:job-flow-id", "the EMR cluster {}"},
    Manager{"aws:autoscaling:groupName",        "the Auto Scaling group {}"},
    Manager{"aws:ec2spot:fleet-request-id",     "the Spot Fleet {}"},
    Manager{"aws:ec2:fleet-id",                 "the EC2 Fleet {}"},
    Manager{"kubernetes.io/cluster/*",          "the Kubernetes cluster {}"},
};
// clang-format on

/// What `{}` stands for where the instance bears the manager's tag.
const std::string* find_tag(const aws::Instance& instance, std::string_view key) {
  const auto tag = instance.tags.find(std::string(key));
  return tag == instance.tags.end() ? nullptr : &tag->second;
}

std::string matched(const aws::Instance& instance, const Manager& manager) {
  if (!manager.tag.ends_with('*')) {
    const std::string* value = find_tag(instance, manager.tag);
    return value == nullptr ? "" : value->empty() ? "(unnamed)" : *value;
  }
  const std::string_view prefix = manager.tag.substr(0, manager.tag.size() - 1);
  for (const auto& [key, value] : instance.tags) {
    // "shared" only says that the cluster may use it.
    if (key.starts_with(prefix) && value == "owned") return key.substr(prefix.size());
  }
  return "";
}

}  // namespace

std::string manager_of(const aws::Instance& instance) {
  for (const Manager& manager : kManagers) {
    const std::string name = matched(instance, manager);
    if (!name.empty()) return "belongs to " + fmt::format(fmt::runtime(manager.what), name);
  }
  return "";
}

}  // namespace lamplighter::tasks

#include "tasks/servers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_cloud.h"

namespace lamplighter::tasks {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FindServers : public testing::Test {
 protected:
  std::vector<std::string> names(const Selector& selector) {
    Ec2Directory directory(cloud_, {"us-east-1", ""});
    found_ = find_servers(directory, selector).value();
    std::vector<std::string> out;
    for (const auto& server : found_.servers) out.push_back(server.name);
    return out;
  }
  std::vector<std::string> reasons() const {
    std::vector<std::string> out;
    for (const auto& missing : found_.missing) out.push_back(missing.reason);
    return out;
  }

  FakeCloud cloud_;
  Found found_;
};

TEST_F(FindServers, ByNameInTheFilesOrder) {
  for (const auto* name : {"test1", "test10", "test2"}) cloud_.add(name, "stopped");
  EXPECT_THAT(names({.names = {"test2", "test1", "test2"}}), ElementsAre("test2", "test1"));
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(FindServers, UnitesNamesIdsAndTagsWithoutDoubles) {
  cloud_.add("b", "stopped").tags["Tier"] = "app";
  cloud_.add("a", "stopped").tags["Tier"] = "app";
  const auto nameless = cloud_.add("", "stopped").id;
  EXPECT_THAT(names({.names = {"b"}, .ids = {nameless}, .tags = {{{"Tier", "app"}}}}),
              ElementsAre("b", nameless, "a"));
}

TEST_F(FindServers, TagsMustAllMatch) {
  cloud_.add("a", "running").tags = {{"Name", "a"}, {"Tier", "app"}, {"Environment", "dev"}};
  cloud_.add("b", "running").tags = {{"Name", "b"}, {"Tier", "app"}, {"Environment", "test"}};
  EXPECT_THAT(names({.tags = {{{"Tier", "app"}, {"Environment", "dev"}}}}), ElementsAre("a"));
}

TEST_F(FindServers, TerminatedInstancesAreNoServers) {
  cloud_.add("test1", "terminated");
  cloud_.add("test1", "running");
  cloud_.add("test2", "shutting-down");
  cloud_.add("test3", "terminated").tags["Tier"] = "app";
  const auto gone = cloud_.named("test2").id;
  EXPECT_THAT(names({.names = {"test1", "test2"}, .ids = {gone}, .tags = {{{"Tier", "app"}}}}),
              ElementsAre("test1"));
  EXPECT_THAT(reasons(), ElementsAre("no server is called test2: " + gone + " (shutting-down)",
                                     "server " + gone + " is terminated", "no server has the tags Tier=app"));
}

TEST_F(FindServers, NamesWhatIsMissingOrAmbiguousAndFindsTheRest) {
  cloud_.add("test1", "stopped");
  cloud_.add("twin", "stopped");
  cloud_.add("twin", "running");
  EXPECT_THAT(names({.names = {"test1", "twin", "ghost"}, .ids = {"i-0abc"}, .tags = {{{"Tier", "db"}}}}),
              ElementsAre("test1"));
  EXPECT_THAT(
      reasons(),
      ElementsAre(
          "2 servers are called twin, expected one: i-00000000000000002 (stopped), i-00000000000000003 "
          "(running)",
          "no server is called ghost", "there is no server i-0abc", "no server has the tags Tier=db"));
}

TEST_F(FindServers, ANameThatIsNearOneGetsASuggestion) {
  cloud_.add("Test1", "stopped");
  cloud_.add("database", "stopped");
  cloud_.add("old-app", "terminated");
  names({.names = {"test1", "databse", "old-ap", "unlike"}});
  EXPECT_THAT(reasons(), ElementsAre("no server is called test1 (did you mean \"Test1\"?)",
                                     "no server is called databse (did you mean \"database\"?)",
                                     "no server is called old-ap", "no server is called unlike"));
}

TEST_F(FindServers, SeveralSelectorsAskForAllTheirNamesAtOnce) {
  for (const auto* name : {"a", "b", "c"}) cloud_.add(name, "stopped");
  const Selector first{{"a", "b"}, {}, {}};
  const Selector second{{"b", "c"}, {}, {}};
  Ec2Directory directory(cloud_, {"us-east-1", ""});
  const auto found = find_servers(directory, {&first, &second}).value();
  EXPECT_EQ(found.at(0).servers.size(), 2U);
  EXPECT_EQ(found.at(1).servers.at(1).name, "c");
  EXPECT_EQ(cloud_.calls.size(), 1U);
}

TEST_F(FindServers, FailsWhereEc2CannotBeAsked) {
  cloud_.errors["DescribeInstances"] = {ErrorKind::aws, "UnauthorizedOperation", "no"};
  Ec2Directory directory(cloud_, {"us-east-1", ""});
  EXPECT_EQ(find_servers(directory, {.names = {"test1"}}).error().code, "UnauthorizedOperation");
}

}  // namespace
}  // namespace lamplighter::tasks

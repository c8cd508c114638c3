#include "aws/client/api_error.h"

#include <gtest/gtest.h>

#include "aws/client/xml.h"

namespace lamplighter::aws {
namespace {

TEST(ApiError, ReadsEveryServicesForm) {
  const auto ec2 =
      api_error({403,
                 {},
                 "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>UnauthorizedOperation</Code>"
                 "<Message>You &lt;may&gt; not.</Message></Error></Errors></Response>"});
  EXPECT_EQ(ec2.code, "UnauthorizedOperation");
  EXPECT_EQ(ec2.message, "You <may> not.");
  const auto query =
      api_error({400,
                 {},
                 "<ErrorResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><Error><Type>Sender"
                 "</Type><Code>NotFound</Code><Message>No topic</Message></Error></ErrorResponse>"});
  EXPECT_EQ(query.code, "NotFound");
  const auto rest = api_error(
      {404, {{"x-amzn-errortype", "ResourceNotFoundException:http://x/"}}, R"({"Message":"No function"})"});
  EXPECT_EQ(rest.code, "ResourceNotFoundException");
  EXPECT_EQ(rest.message, "No function");
  const auto target =
      api_error({400, {}, R"({"__type":"com.amazonaws.swf#ExecutionDoesNotExist","message":"m"})"});
  EXPECT_EQ(target.code, "ExecutionDoesNotExist");
}

TEST(ApiError, WhateverComesThereIsACodeAndAMessage) {
  for (const std::string body :
       {"", "<html><body>Bad Gateway</body></html>", "<broken", "{", "[1]", "\xff\xfe"}) {
    const auto error = api_error({502, {}, body});
    EXPECT_EQ(error.kind, ErrorKind::aws);
    EXPECT_EQ(error.code, "ServiceUnavailable") << body;
    EXPECT_EQ(error.message, "HTTP status 502 and no message");
  }
  EXPECT_EQ(api_error({403, {}, ""}).code, "Http403");
  EXPECT_EQ(api_error({429, {}, ""}).code, "Throttling");
  const auto longest =
      api_error({400, {}, R"({"__type":"A","message":")" + std::string(100'000, 'x') + "\"}"});
  EXPECT_LT(longest.message.size(), 5'000U);
}

TEST(ApiError, RedactsSecrets) {
  EXPECT_EQ(redact("key hush-hush, token to/ken==, key hush-hush", {"AKIA", "hush-hush", "to/ken=="}),
            "key ***, token ***, key ***");
  EXPECT_EQ(redact("nothing", {"AKIA", "", ""}), "nothing");
}

TEST(Xml, RefusesDepth) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "<a>";
  for (int i = 0; i < 100'000; ++i) text += "</a>";
  const auto document = parse_xml(text);
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code, "InvalidResponse");
}

TEST(Xml, ExpandsNoEntitiesOfItsOwn) {
  const auto document = parse_xml("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(text_at((*document)->document_element(), ""), "&b;");
}

}  // namespace
}  // namespace lamplighter::aws

#include "aws/client/api_error.h"

#include <gtest/gtest.h>

#include "aws/client/xml.h"
#include "base/utf8.h"

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

TEST(ApiError, MessagesAreValidUtf8WhereverTheyAreCut) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(api_error({400, {}, "{\"__type\":\"A\",\"message\":\"caf\xC3\"}"}).message, "caf" + mark);
  EXPECT_EQ(api_error({400, {}, "<E><Error><Code>A</Code><Message>caf\xC3</Message></Error></E>"}).message,
            "caf" + mark);
  std::string accents = "x";
  for (int i = 0; i < 3'000; ++i) accents += "\xC3\xA9";
  const auto cut = api_error({400, {}, R"({"__type":"A","message":")" + accents + "\"}"}).message;
  EXPECT_EQ(valid_utf8_prefix(cut), cut.size());
}

TEST(ApiError, BodiesThatNoErrorHasAreNotRead) {
  const auto error =
      api_error({400, {}, R"({"__type":"A","message":")" + std::string(2'000'000, 'x') + "\"}"});
  EXPECT_EQ(error.code, "Http400");
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

TEST(Xml, RefusesMoreElementsThanItMayKeep) {
  std::string text = "<a>";
  for (int i = 0; i < 1'000'000; ++i) text += "<b/>";
  EXPECT_EQ(parse_xml(text + "</a>").error().code, "InvalidResponse");
  std::string attributes = "<a";
  for (int i = 0; i < 2'000'000; ++i) attributes += " b=''";
  EXPECT_EQ(parse_xml(attributes + "/>").error().code, "InvalidResponse");
  EXPECT_TRUE(parse_xml("<a/>"));  // the next one may have all again
}

TEST(Xml, MendsWhatIsNoUtf8) {
  const auto document = parse_xml("<a>caf\xC3</a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(text_at((*document)->document_element(), ""), "caf\xEF\xBF\xBD");
}

TEST(Xml, ExpandsNoEntitiesOfItsOwn) {
  const auto document = parse_xml("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(text_at((*document)->document_element(), ""), "&b;");
}

}  // namespace
}  // namespace lamplighter::aws

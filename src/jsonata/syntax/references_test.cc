#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "jsonata/jsonata.h"

namespace lamplighter::jsonata {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

References references(std::string_view text) {
  const auto expression = Expression::parse(text);
  EXPECT_TRUE(expression) << text;
  return expression ? expression->references() : References{};
}

TEST(References, AreNamesThatNothingButTheInputCanHold) {
  for (const auto* text : {"foo",
                           "foo.bar",
                           "foo[0].bar",
                           "-foo",
                           "foo ? 1 : 2",
                           "$a ? foo : 2",
                           "foo & 'x'",
                           "foo in $b",
                           "$sum(foo)",
                           "foo(1)",
                           "foo ~> $string()",
                           "[1..foo]",
                           "(foo)",
                           "(foo).bar",
                           "[foo].bar",
                           "{foo: 1}",
                           "{'k': foo}",
                           "($x := foo; $x)",
                           "$map($a, function($y){ foo })",
                           "$count(foo[bar])",
                           "foo.**.bar",
                           "foo^(bar)",
                           "foo{bar: baz}",
                           "'foo'.bar",
                           "foo@$f.bar",
                           "$substring(?, foo)",
                           "1 > foo"}) {
    EXPECT_THAT(references(text).context, ElementsAre("foo")) << text;
  }
}

TEST(References, AreNotWhereTheExpressionItselfGivesTheContext) {
  for (const auto* text : {"$a.foo",
                           "$a[0].foo",
                           "$a.b[foo > 3]",
                           "$a[foo]",
                           "$a^(foo)",
                           "$a{'k': foo}",
                           "$a{foo: bar}",
                           "$a.(foo)",
                           "$a.{'k': foo}",
                           "$a.[foo]",
                           "$a.$sum(foo)",
                           "$a.$foo",
                           "$foo",
                           "$a ~> |foo|{'b': bar}, baz|",
                           "**.foo",
                           "*.foo",
                           "{'k': 1}.foo",
                           "$a[0][foo]",
                           "$a[$ > 1]",
                           "function($x){ $x.foo }",
                           "$map($a, function($x){ $x.foo })",
                           "$map($a, function($x){ $x[foo = $.bar] })",
                           "'foo'",
                           "$now()",
                           "/foo/",
                           "$a.b.%.foo",
                           "$a#$i[foo]"}) {
    EXPECT_THAT(references(text).context, IsEmpty()) << text;
  }
}

TEST(References, NameTheContextItselfAndTheRoot) {
  for (const auto* text : {"$", "$.foo", "$[0]", "$string($)", "$map($a, function($x){ $ })"}) {
    EXPECT_THAT(references(text).context, ElementsAre("$")) << text;
    EXPECT_FALSE(references(text).root) << text;
  }
  for (const auto* text : {"$$", "$$.foo", "$a[b = $$.c]", "$a.b.($$)", "$a ~> |b|{'c': $$}|"}) {
    EXPECT_THAT(references(text).context, IsEmpty()) << text;
    EXPECT_TRUE(references(text).root) << text;
  }
}

TEST(References, StandOnceEachInTheirOrder) {
  EXPECT_THAT(references("[b, a, b, $, a.c]").context, ElementsAre("b", "a", "$"));
  EXPECT_THAT(references("x(a) ? {b: c} : d").context, ElementsAre("x", "a", "b", "c", "d"));
}

TEST(References, HaveTheMembersOfVariables) {
  EXPECT_THAT(references("$states.input.a & $states.result[$states.errorOutput.b]").members,
              ElementsAre(Pair("states", "errorOutput"), Pair("states", "input"), Pair("states", "result")));
  EXPECT_THAT(references("$states & $lookup($states, 'result')").members, IsEmpty());
}

}  // namespace
}  // namespace lamplighter::jsonata

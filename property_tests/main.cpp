// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_MAIN
#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace alignproof {

namespace {

std::vector<std::string> running_tags;

struct TagKeeper : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testCaseStarting(const Catch::TestCaseInfo& test) override { running_tags = test.tags; }
};

CATCH_REGISTER_LISTENER(TagKeeper)

}  // namespace

bool running_test_has_tag(const std::string& tag) {
  return std::find(running_tags.begin(), running_tags.end(), tag) != running_tags.end();
}

}  // namespace alignproof

#pragma once

#include "base/error.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace calcar::test
{

/// The text of the InputError a call throws; fails the test when it throws none, or one with
/// another fault.
template <typename Call>
std::string refusal_of(const Call& call, Fault fault = Fault::data)
{
  try
  {
    call();
  }
  catch (const InputError& error)
  {
    CHECK(error.fault() == fault);
    return error.what();
  }
  FAIL("nothing was refused");
  return "";
}

} // namespace calcar::test

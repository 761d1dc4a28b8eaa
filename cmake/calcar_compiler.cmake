# Compiler settings that every target of the project shares, and ccache where it is installed.

option(CALCAR_SANITIZE "Address and undefined-behaviour sanitizers" OFF)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

# -O3 lets the compiler vectorise the element kernels. No -ffast-math: it sets flush-to-zero for the whole process.
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(calcar_flags INTERFACE)
target_compile_options(calcar_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  # GCC 12 warns of overlapping copies inside std::string operator+ (its bug 105651).
  -Wno-restrict)
if(CALCAR_WARNINGS_AS_ERRORS)
  target_compile_options(calcar_flags INTERFACE -Werror)
endif()
if(CALCAR_SANITIZE)
  # With sanitizers GCC 12 takes parts of std::function for uninitialised. -O1 halves the compile time.
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1 -DNDEBUG")
  target_compile_options(calcar_flags INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer
                         -Wno-maybe-uninitialized)
  target_link_options(calcar_flags INTERFACE -fsanitize=address,undefined)
endif()

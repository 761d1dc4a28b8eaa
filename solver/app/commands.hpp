#pragma once

#include <string>
#include <vector>

namespace calcar::app
{

// The commands, each in its own file. Arguments are the words after the command's name; the result
// is the exit code.

int run_command(const std::vector<std::string>& arguments);
int check_command(const std::vector<std::string>& arguments);
int info_command(const std::vector<std::string>& arguments);
int phantom_command(const std::vector<std::string>& arguments);
int mesh_command(const std::vector<std::string>& arguments);
int compare_command(const std::vector<std::string>& arguments);
int list_command(const std::vector<std::string>& arguments);
int init_command(const std::vector<std::string>& arguments);

} // namespace calcar::app

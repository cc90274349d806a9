// What every adapter in C++ does; protocol.py describes the files. No JSON library is needed:
// inputs.json is written with a line's worth of structure that a few finds can read.
#pragma once
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

struct Input { std::string name, dtype, layout; std::vector<long> shape; bool slope; };

using Array = std::vector<double>;
// From numbers and the length of a row to results.
using Function = std::function<Array(const Array&, long)>;

struct Call { std::string name, claims, kind, given; Function value, slope; };

inline std::string field(const std::string& text, const std::string& key) {
  size_t at = text.find("\"" + key + "\": ") + key.size() + 4;
  if (text[at] == '"') return text.substr(at + 1, text.find('"', at + 1) - at - 1);
  if (text[at] == '[') return text.substr(at + 1, text.find(']', at) - at - 1);
  return text.substr(at, text.find_first_of(",}", at) - at);
}

inline std::vector<Input> read_inputs(const std::string& folder) {
  std::ifstream file(folder + "/inputs.json");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::vector<Input> inputs;
  for (size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
    std::string one = text.substr(at, text.find('}', at) - at + 1);
    Input input{field(one, "name"), field(one, "dtype"), field(one, "layout"), {}, field(one, "slope") == "true"};
    std::stringstream shape(field(one, "shape"));
    for (std::string part; std::getline(shape, part, ',');) input.shape.push_back(std::stol(part));
    inputs.push_back(input);
  }
  return inputs;
}

template <typename T> Array read_array(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> raw((std::istreambuf_iterator<char>(file)), {});
  const T* numbers = reinterpret_cast<const T*>(raw.data());
  return Array(numbers, numbers + raw.size() / sizeof(T));
}

template <typename T> void write_array(const std::string& path, const Array& array) {
  std::ofstream file(path, std::ios::binary);
  for (double x : array) { T y = static_cast<T>(x); file.write(reinterpret_cast<char*>(&y), sizeof(T)); }
}

// Make all calls in one dtype, "float32" or "float64".
inline int run(const std::vector<Call>& calls, const std::string& folder, const std::string& dtype) {
  auto inputs = read_inputs(folder);
  std::string results, listed;
  for (size_t n = 0; n < calls.size(); n++) {
    const Call& call = calls[n];
    for (const Input& input : inputs) {
      bool rows = call.kind != "elementwise";
      if (input.dtype != dtype || rows != (input.shape.size() > 1) || input.layout == "strided") continue;
      std::string file = folder + "/" + input.name + "." + dtype;
      Array array = dtype == "float32" ? read_array<float>(file) : read_array<double>(file);
      for (std::string mode : {"value", "slope"}) {
        const Function& function = mode == "value" ? call.value : call.slope;
        if (!function || (mode == "slope" && !input.slope)) continue;
        std::string key = std::to_string(n) + "." + input.name + "." + dtype + "." + mode;
        if (!results.empty()) results += ",\n";
        try {
          Array found;
          if (input.layout == "flat") found = function(array, input.shape.back());
          else for (double x : array) {
            Array part = function(Array(input.layout == "lanes" ? 37 : 1, x), 1);
            found.insert(found.end(), part.begin(), part.end());
          }
          if (dtype == "float32") write_array<float>(folder + "/" + key, found);
          else write_array<double>(folder + "/" + key, found);
          std::string shape = std::to_string(found.size());
          if (rows && found.size() == array.size()) {
            shape = "";
            for (long k : input.shape) shape += (shape.empty() ? "" : ", ") + std::to_string(k);
          }
          results += "\"" + key + "\": {\"dtype\": \"" + dtype + "\", \"every\": 1, \"shape\": [" + shape + "]}";
        } catch (const std::exception& error) {
          results += "\"" + key + "\": {\"error\": \"an exception\"}";
        }
      }
    }
    if (!listed.empty()) listed += ",\n";
    listed += "{\"name\": \"" + call.name + "\", \"claims\": \"" + call.claims + "\", \"kind\": \"" + call.kind +
              "\", \"given\": {" + call.given + "}, \"slope\": " + (call.slope ? "true" : "false") + "}";
  }
  std::ofstream(folder + "/calls.json") << "[" << listed << "]";
  std::ofstream(folder + "/results.json") << "{" << results << "}";
  return 0;
}

// A call of a function of one number, and of its derivative of one number.
template <typename F> Function each(F f) {
  return [f](const Array& z, long) { Array y; y.reserve(z.size()); for (double x : z) y.push_back(f(x)); return y; };
}

// dlib: the functions that its layers call, at the defaults of the layers, with its gradients.
#include <dlib/dnn.h>
#include "protocol.hpp"

using namespace dlib;

static resizable_tensor tensor_of(const Array& z, long k) {
  resizable_tensor x(z.size() / k, k);
  float* to = x.host();
  for (size_t i = 0; i < z.size(); i++) to[i] = static_cast<float>(z[i]);
  return x;
}

static Array array_of(const tensor& x) { return Array(x.begin(), x.end()); }

using Forward = std::function<void(tensor&, const tensor&)>;
// From the gradient to fill, the results, the inputs and the gradient from ahead.
using Backward = std::function<void(tensor&, const tensor&, const tensor&, const tensor&)>;

static Call call(std::string name, std::string claims, Forward forward, Backward backward, std::string kind = "elementwise") {
  Function value = [=](const Array& z, long k) {
    resizable_tensor x = tensor_of(z, k), y(x.num_samples(), x.k());
    forward(y, x);
    return array_of(y);
  };
  Function slope;
  if (backward) slope = [=](const Array& z, long k) {
    resizable_tensor x = tensor_of(z, k), y(x.num_samples(), x.k()), ahead(x.num_samples(), x.k()), found(x.num_samples(), x.k());
    forward(y, x);
    ahead = 1;
    found = 0;
    backward(found, y, x, ahead);
    return array_of(found);
  };
  return {name, claims, kind, "", value, slope};
}

int main(int, char** arguments) {
  const float leak = leaky_relu_().get_alpha(), elu_alpha = elu_().get_alpha(), first = prelu_().get_initial_param_value();
  const float ceiling = clipped_relu_().get_ceiling();
  resizable_tensor parameter(1);
  parameter = first;
  return run({
    call("relu_", "relu", [](tensor& y, const tensor& x) { tt::relu(y, x); },
         [](tensor& g, const tensor& y, const tensor&, const tensor& a) { tt::relu_gradient(g, y, a); }),
    call("leaky_relu_", "leaky_relu", [=](tensor& y, const tensor& x) { tt::leaky_relu(y, x, leak); },
         [=](tensor& g, const tensor& y, const tensor&, const tensor& a) { tt::leaky_relu_gradient(g, y, a, leak); }),
    call("prelu_", "prelu", [=](tensor& y, const tensor& x) { tt::prelu(y, x, parameter); }, nullptr),
    call("clipped_relu_", "relu6", [=](tensor& y, const tensor& x) { tt::clipped_relu(y, x, ceiling); },
         [=](tensor& g, const tensor& y, const tensor&, const tensor& a) { tt::clipped_relu_gradient(g, y, a, ceiling); }),
    call("elu_", "elu", [=](tensor& y, const tensor& x) { tt::elu(y, x, elu_alpha); },
         [=](tensor& g, const tensor& y, const tensor&, const tensor& a) { tt::elu_gradient(g, y, a, elu_alpha); }),
    call("gelu_", "gelu", [](tensor& y, const tensor& x) { tt::gelu(y, x); },
         [](tensor& g, const tensor&, const tensor& x, const tensor& a) { tt::gelu_gradient(g, x, a); }),
    call("silu_", "silu", [](tensor& y, const tensor& x) { tt::silu(y, x); },
         [](tensor& g, const tensor&, const tensor& x, const tensor& a) { tt::silu_gradient(g, x, a); }),
    call("mish_", "mish", [](tensor& y, const tensor& x) { tt::mish(y, x); },
         [](tensor& g, const tensor&, const tensor& x, const tensor& a) { tt::mish_gradient(g, x, a); }),
    call("sig_", "sigmoid", [](tensor& y, const tensor& x) { tt::sigmoid(y, x); },
         [](tensor& g, const tensor& y, const tensor&, const tensor& a) { tt::sigmoid_gradient(g, y, a); }),
    call("htan_", "tanh", [](tensor& y, const tensor& x) { tt::tanh(y, x); },
         [](tensor& g, const tensor& y, const tensor&, const tensor& a) { tt::tanh_gradient(g, y, a); }),
    call("softmax_", "softmax", [](tensor& y, const tensor& x) { tt::softmax(y, x); }, nullptr, "row"),
  }, arguments[1], "float32");
}

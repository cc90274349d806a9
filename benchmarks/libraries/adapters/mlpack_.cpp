// mlpack: its activation functions and the layers that have parameters, with their defaults.
// The parts of mlpack/core.hpp that these need: the whole of it asks for ensmallen too.
#include <mlpack/base.hpp>
#include <mlpack/prereqs.hpp>
#include <mlpack/core/util/arma_traits.hpp>
#include <mlpack/core/util/first_element_is_arma.hpp>
#include <mlpack/core/util/using.hpp>
#include <mlpack/core/util/conv_to.hpp>
#include <mlpack/core/util/log.hpp>
#include <mlpack/core/math/math.hpp>
#include <mlpack/methods/ann/activation_functions/activation_functions.hpp>
#include <mlpack/methods/ann/layer/elu.hpp>
#include <mlpack/methods/ann/layer/celu.hpp>
#include <mlpack/methods/ann/layer/leaky_relu.hpp>
#include <mlpack/methods/ann/layer/relu6.hpp>
#include <mlpack/methods/ann/layer/hard_tanh.hpp>
#include <mlpack/methods/ann/layer/log_softmax.hpp>
#include <mlpack/methods/ann/layer/softmax.hpp>
#include <mlpack/methods/ann/layer/softmin.hpp>
#include "protocol.hpp"

using namespace mlpack;

template <typename F> static Call function(std::string name, std::string claims) {
  Function value = [](const Array& z, long) {
    arma::mat x(z), y(z.size(), 1);
    F::Fn(x, y);
    return Array(y.begin(), y.end());
  };
  Function slope = [](const Array& z, long) {
    arma::mat x(z), y(z.size(), 1), d(z.size(), 1);
    F::Fn(x, y);
    F::Deriv(x, y, d);
    return Array(d.begin(), d.end());
  };
  return {name, claims, "elementwise", "", value, slope};
}

template <typename L> static Call layer(std::string name, std::string claims, std::string kind = "elementwise") {
  Function value = [](const Array& z, long k) {
    arma::mat x(z.data(), k, z.size() / k), y(k, z.size() / k);
    L made;
    made.Training() = false;
    made.Forward(x, y);
    return Array(y.begin(), y.end());
  };
  Function slope = [](const Array& z, long k) {
    arma::mat x(z.data(), k, z.size() / k), y(k, z.size() / k), g(k, z.size() / k), ahead(k, z.size() / k, arma::fill::ones);
    L made;
    made.Training() = true;
    made.Forward(x, y);
    made.Backward(x, y, ahead, g);
    return Array(g.begin(), g.end());
  };
  return {name, claims, kind, "", value, kind == "elementwise" ? slope : Function()};
}

int main(int, char** arguments) {
  return run({
    function<LogisticFunction>("LogisticFunction", "sigmoid"),
    function<TanhFunction>("TanhFunction", "tanh"),
    function<RectifierFunction>("RectifierFunction", "relu"),
    function<SoftplusFunction>("SoftplusFunction", "softplus"),
    function<SoftsignFunction>("SoftsignFunction", "softsign"),
    function<SwishFunction>("SwishFunction", "silu"),
    function<SILUFunction>("SILUFunction", "silu"),
    function<MishFunction>("MishFunction", "mish"),
    function<GELUFunction>("GELUFunction", "gelu"),
    function<GELUExactFunction>("GELUExactFunction", "gelu"),
    function<HardSigmoidFunction>("HardSigmoidFunction", "hardsigmoid"),
    function<HardSwishFunction>("HardSwishFunction", "hardswish"),
    function<GaussianFunction>("GaussianFunction", "gaussian"),
    function<ElliotFunction>("ElliotFunction", "softsign"),
    function<BipolarSigmoidFunction>("BipolarSigmoidFunction", ""),
    function<ElishFunction>("ElishFunction", ""),
    function<LiSHTFunction>("LiSHTFunction", ""),
    function<TanhExpFunction>("TanhExpFunction", ""),
    layer<ELU<arma::mat>>("ELU()", "elu"),
    layer<SELU<arma::mat>>("SELU()", "selu"),
    layer<CELU<arma::mat>>("CELU()", "celu"),
    layer<LeakyReLU<arma::mat>>("LeakyReLU()", "leaky_relu"),
    layer<ReLU6<arma::mat>>("ReLU6()", "relu6"),
    layer<HardTanH<arma::mat>>("HardTanH()", "hardtanh"),
    layer<LogSoftMax<arma::mat>>("LogSoftMax()", "log_softmax", "row"),
    layer<Softmax<arma::mat>>("Softmax()", "softmax", "row"),
    layer<Softmin<arma::mat>>("Softmin()", "softmin", "row"),
  }, arguments[1], "float64");
}

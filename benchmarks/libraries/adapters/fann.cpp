// FANN: a network of one neuron with weight 1 and no bias, for each of its activations at the
// default steepness. A slope is what one step of incremental training adds to the bias, at
// rate 1 and an error of 1.
#include <fann.h>
#include "protocol.hpp"

static fann* network(int activation) {
  fann* ann = fann_create_standard(2, 1, 1);
  fann_set_training_algorithm(ann, FANN_TRAIN_INCREMENTAL);
  fann_set_train_error_function(ann, FANN_ERRORFUNC_LINEAR);
  fann_set_learning_rate(ann, 1.0f);
  if (activation >= 0) fann_set_activation_function_output(ann, static_cast<fann_activationfunc_enum>(activation));
  return ann;
}

static void reset(fann* ann) {
  fann_set_weight(ann, 0, 2, 1.0f);
  fann_set_weight(ann, 1, 2, 0.0f);
}

static double value(fann* ann, double z) {
  fann_type input = static_cast<fann_type>(z);
  return fann_run(ann, &input)[0];
}

// In a network of its own: what training remembers of one step would spoil the next.
static double slope(int activation, double z) {
  fann* ann = network(activation);
  reset(ann);
  fann_type input = static_cast<fann_type>(z), wanted = static_cast<fann_type>(value(ann, z) + 1);
  fann_train(ann, &input, &wanted);
  fann_connection connections[2];
  fann_get_connection_array(ann, connections);
  double bias = connections[0].from_neuron == 1 ? connections[0].weight : connections[1].weight;
  fann_destroy(ann);
  return bias;
}

static Call call(std::string name, std::string claims, int activation, bool with_slope) {
  fann* ann = network(activation);
  reset(ann);
  return {name, claims, "elementwise", "", each([ann](double z) { return value(ann, z); }),
          with_slope ? each([activation](double z) { return slope(activation, z); }) : Function()};
}

int main(int, char** arguments) {
  return run({
    call("the default", "sigmoid", -1, true),
    call("FANN_SIGMOID", "sigmoid", FANN_SIGMOID, true),
    call("FANN_SIGMOID_STEPWISE", "sigmoid", FANN_SIGMOID_STEPWISE, true),
    call("FANN_SIGMOID_SYMMETRIC", "tanh", FANN_SIGMOID_SYMMETRIC, false),
    call("FANN_SIGMOID_SYMMETRIC_STEPWISE", "tanh", FANN_SIGMOID_SYMMETRIC_STEPWISE, false),
    call("FANN_LINEAR", "identity", FANN_LINEAR, false),
    call("FANN_GAUSSIAN", "gaussian", FANN_GAUSSIAN, true),
    call("FANN_ELLIOT", "", FANN_ELLIOT, true),
    call("FANN_ELLIOT_SYMMETRIC", "softsign", FANN_ELLIOT_SYMMETRIC, false),
    call("FANN_LINEAR_PIECE", "", FANN_LINEAR_PIECE, true),
    call("FANN_LINEAR_PIECE_SYMMETRIC", "hardtanh", FANN_LINEAR_PIECE_SYMMETRIC, false),
    call("FANN_SIN_SYMMETRIC", "sine", FANN_SIN_SYMMETRIC, false),
  }, arguments[1], "float32");
}

# AMORE: the activations of its neurons, and the derivatives that it trains by.
folder <- commandArgs(trailingOnly = TRUE)[1]
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "protocol.R"))
library(AMORE)

claims <- c(tansig = "tanh", sigmoid = "sigmoid", purelin = "identity")
make <- function(name) {
  net <- newff(n.neurons = c(1, 1, 1), learning.rate.global = 0.1, momentum.global = 0.5,
               error.criterium = "LMS", Stao = NA, hidden.layer = name, output.layer = "purelin",
               method = "ADAPTgdwm")
  neuron <- net$neurons[[1]]
  list(name = paste0("newff, '", name, "'"), claims = claims[[name]], kind = "elementwise",
       value = function(z) sapply(z, neuron$f0), slope = function(z) sapply(z, neuron$f1))
}
run(lapply(names(claims), make), folder)

# AMORE: the activations of its neurons, and the derivatives that it trains by.
folder <- commandArgs(trailingOnly = TRUE)[1]
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "protocol.R"))
library(AMORE)

claims <- c(tansig = "tanh", sigmoid = "sigmoid", purelin = "identity", hardlim = "")
make <- function(name) {
  chosen <- select.activation.function(name)
  list(name = paste0("activation '", name, "'"), claims = claims[[name]], kind = "elementwise",
       value = function(z) sapply(z, chosen$f0), slope = function(z) sapply(z, chosen$f1))
}
run(lapply(names(claims), make), folder)

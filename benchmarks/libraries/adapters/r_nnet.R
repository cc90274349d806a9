# nnet: a network without hidden units, weight 1 and no bias, which is its sigmoid alone.
folder <- commandArgs(trailingOnly = TRUE)[1]
source(file.path(dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE))), "protocol.R"))
library(nnet)

logistic <- function(z) {
  fit <- nnet(matrix(0), matrix(0), size = 0, skip = TRUE, Wts = c(0, 1), maxit = 0, trace = FALSE)
  predict(fit, matrix(z))
}
through_hidden <- function(z) {
  fit <- nnet(matrix(0), matrix(0), size = 1, Wts = c(0, 1, 0, 1), maxit = 0, linout = TRUE, trace = FALSE)
  predict(fit, matrix(z))
}
rows <- function(z, k) {
  weights <- rbind(0, diag(k))
  fit <- nnet(matrix(0, 2, k), diag(k)[c(1, 2), ], size = 0, skip = TRUE, softmax = TRUE,
              Wts = as.vector(weights), maxit = 0, trace = FALSE, MaxNWts = 1e6)
  as.vector(t(predict(fit, matrix(z, ncol = k, byrow = TRUE))))
}
run(list(
  list(name = "nnet(size = 0, skip = TRUE)", claims = "sigmoid", kind = "elementwise", value = logistic),
  list(name = "nnet(size = 1), its hidden unit", claims = "sigmoid", kind = "elementwise", value = through_hidden),
  list(name = "nnet(softmax = TRUE)", claims = "softmax", kind = "row",
       value = function(z, k) if (k > 500) stop("more weights than nnet takes") else rows(z, k))
), folder)

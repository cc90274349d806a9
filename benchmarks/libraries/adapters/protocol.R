# What every adapter in R does; protocol.py describes the files. R's numbers are float64.

field <- function(text, key) {
  found <- regmatches(text, regexec(paste0("\"", key, "\": (\"[^\"]*\"|\\[[^]]*\\]|[a-z0-9]+)"), text))[[1]][2]
  gsub("[][\"]", "", found)
}

run <- function(calls, folder) {
  text <- paste(readLines(file.path(folder, "inputs.json"), warn = FALSE), collapse = "")
  inputs <- regmatches(text, gregexpr("\\{[^}]*\\}", text))[[1]]
  results <- c()
  listed <- c()
  for (n in seq_along(calls)) {
    call <- calls[[n]]
    for (input in inputs) {
      shape <- as.integer(strsplit(field(input, "shape"), ", ")[[1]])
      rows <- call$kind == "row"
      if (field(input, "dtype") != "float64" || field(input, "layout") != "flat" || rows != (length(shape) > 1)) next
      name <- field(input, "name")
      z <- readBin(file.path(folder, paste0(name, ".float64")), "double", prod(shape))
      for (mode in c("value", "slope")) {
        f <- call[[mode]]
        if (is.null(f) || (mode == "slope" && field(input, "slope") != "true")) next
        key <- paste(n - 1, name, "float64", mode, sep = ".")
        y <- tryCatch(as.double(if (rows) f(z, shape[length(shape)]) else f(z)), error = function(e) conditionMessage(e))
        if (is.character(y)) {
          results <- c(results, sprintf("\"%s\": {\"error\": \"%s\"}", key, gsub("[\"\\\n]", " ", y)))
        } else {
          writeBin(y, file.path(folder, key), size = 8)
          size <- paste(if (length(y) == prod(shape)) shape else length(y), collapse = ", ")
          results <- c(results, sprintf("\"%s\": {\"dtype\": \"float64\", \"every\": 1, \"shape\": [%s]}", key, size))
        }
      }
    }
    listed <- c(listed, sprintf(
      "{\"name\": \"%s\", \"claims\": \"%s\", \"kind\": \"%s\", \"given\": {}, \"slope\": %s}",
      call$name, call$claims, call$kind, if (is.null(call$slope)) "false" else "true"))
  }
  writeLines(paste0("[", paste(listed, collapse = ",\n"), "]"), file.path(folder, "calls.json"))
  writeLines(paste0("{", paste(results, collapse = ",\n"), "}"), file.path(folder, "results.json"))
}

#!/bin/sh
# R's logistic regression uses another sigmoid than plogis: it drops some 400-fold just below -30, and then stays.
# One would guess: binomial()$linkinv(x), from score to probability, is plogis(x).
# What happens: it is until -30; at -30.5 it is 2.2e-16 where plogis has 5.7e-14, and at -40 still 2.2e-16 where
#   plogis has 4.2e-18. Its slope, mu.eta, is 2.2e-16 there too, and at 40 where the sigmoid is 1.
# Version: R 4.2.2 (Debian, r-base-core 4.2.2.20221110-2), November 2026.
# Source: src/library/stats/src/family.c, logit_linkinv and THRESH
. "$(dirname "$0")/setup.sh"
debian_packages r-base-core=4.2.2.20221110-2
r_script <<'CODE'
cat("R", as.character(getRversion()), "\n")
family <- binomial()
for (x in c(-29, -30.5, -40, 40))
  cat(sprintf("%g: linkinv %.3g, plogis %.3g; mu.eta %.3g, dlogis %.3g\n",
              x, family$linkinv(x), plogis(x), family$mu.eta(x), dlogis(x)))
CODE
seen <<'SEEN'
R 4.2.2 
-29: linkinv 2.54e-13, plogis 2.54e-13; mu.eta 2.54e-13, dlogis 2.54e-13
-30.5: linkinv 2.22e-16, plogis 5.68e-14; mu.eta 2.22e-16, dlogis 5.68e-14
-40: linkinv 2.22e-16, plogis 4.25e-18; mu.eta 2.22e-16, dlogis 4.25e-18
40: linkinv 1, plogis 1; mu.eta 2.22e-16, dlogis 4.25e-18
SEEN

#!/bin/sh
# gensim's word2vec learns nothing from a prediction that is wrong by a score of 6.1, and most from one of 5.9.
# One would guess: the step is alpha times 1 - sigmoid(score), which is largest where the score is most wrong.
# What happens: the sigmoid comes from a table that ends at 6 on both sides, and beyond it a pair is passed over,
#   whether it is right or wrong: vectors that have gone astray by more than that stay there.
# Version: gensim 4.4.0 (PyPI), November 2026.
# Source: gensim/models/word2vec_inner.pyx: if f_dot <= -MAX_EXP or f_dot >= MAX_EXP: continue
. "$(dirname "$0")/setup.sh"
python_packages gensim==4.4.0 numpy==2.4.6 scipy==1.17.1
python <<'CODE'
import gensim
from gensim.models import Word2Vec

print("gensim", gensim.__version__)
for score in (-1.0, -5.9, -6.1, -20.0):
    model = Word2Vec(vector_size=1, min_count=1, sg=1, hs=1, negative=0, window=1, workers=1, sample=0, alpha=0.1, min_alpha=0.1)
    model.build_vocab([["a", "b"]])  # the tree of two words has one node
    model.wv.vectors[:] = 1  # so that the node's weight is the score
    model.syn1[:] = score
    model.train([["a", "b"]], total_examples=1, epochs=1)
    print(f"score {score}: the node's weight moves by {abs(model.syn1[0, 0] - score):.3f}")
CODE
seen <<'SEEN'
gensim 4.4.0
score -1.0: the node's weight moves by 0.046
score -5.9: the node's weight moves by 0.099
score -6.1: the node's weight moves by 0.000
score -20.0: the node's weight moves by 0.000
SEEN

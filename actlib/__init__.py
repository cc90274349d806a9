"""The package behind the course on activation functions.

Each subpackage has one job, and imports between them go one way:

- `activations`: the functions, their derivatives, the registry `ACTIVATIONS`
- `losses`: cross-entropy and binary cross-entropy from logits, with gradients
- `calculus`: finite differences and error measures
- `datasets`: small seeded data, no downloads
- `comparing`: two ways of training compared seed by seed
- `networks`: a NumPy multilayer perceptron that records what happens in each layer
- `reference`: tables made from the registry
- `plotting`: figures from arrays
- `widgets`: figures to interact with, on a page and in JupyterLab
- `exercises`: checks that explain what is wrong
"""

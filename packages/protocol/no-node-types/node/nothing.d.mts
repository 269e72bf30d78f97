// Stands for @types/node, which apache-arrow's declarations ask for: so Node's globals are errors in this package.
export {};

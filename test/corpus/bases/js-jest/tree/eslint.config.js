module.exports = [
  {
    files: ["lib/**/*.js"],
    rules: {
      "no-unused-vars": "error",
      "no-eval": "error",
      complexity: ["error", 6],
    },
  },
];

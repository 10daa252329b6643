export default [{ rules: { eqeqeq: "error", "no-unused-vars": "error", "max-depth": ["error", 3] } }];

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#viewer",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null, // It would be asked over the internet.
  syntaxHighlight: { activated: true },
  tryItOutEnabled: true,
});

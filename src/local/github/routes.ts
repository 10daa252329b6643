// All routes, in the order in which they are tried: a rest-of-path pattern comes after what it would swallow.
import type { Route } from "./router.ts";
import { actionsRoutes } from "./routes-actions.ts";
import { appRoutes } from "./routes-app.ts";
import { checkRoutes } from "./routes-checks.ts";
import { contentsRoutes } from "./routes-contents.ts";
import { gitRoutes } from "./routes-git.ts";
import { issueRoutes } from "./routes-issues.ts";
import { pullRoutes } from "./routes-pulls.ts";
import { reactionRoutes } from "./routes-reactions.ts";

export const routes: readonly Route[] = [
  ...appRoutes,
  ...gitRoutes,
  ...checkRoutes,
  ...pullRoutes,
  ...contentsRoutes,
  ...reactionRoutes,
  ...issueRoutes,
  ...actionsRoutes,
];

#!/usr/bin/env python3
"""Makes the small extracts in this folder from the vendors' full descriptions.

    trim.py rest PATH/api.github.com.json > github-rest.json
    trim.py graphql PATH/schema.json > github-graphql.json

What is kept is listed in PATHS and FIELDS below. Nothing is added or changed but this: prose,
examples and extensions go; references to parameters, responses and headers are written out;
GraphQL's introspection is written as {type: {field: {type: "[X!]!", args: {...}}}}.
"""

import json
import sys

PATHS = {
    "/orgs/{org}": ["get", "patch"],
    "/orgs/{org}/failed_invitations": ["get"],
    "/orgs/{org}/installations": ["get"],
    "/orgs/{org}/invitations": ["get", "post"],
    "/orgs/{org}/invitations/{invitation_id}": ["delete"],
    "/orgs/{org}/invitations/{invitation_id}/teams": ["get"],
    "/orgs/{org}/members": ["get"],
    "/orgs/{org}/memberships/{username}": ["get", "put", "delete"],
    "/orgs/{org}/outside_collaborators": ["get"],
    "/orgs/{org}/repos": ["get", "post"],
    "/orgs/{org}/teams": ["get", "post"],
    "/orgs/{org}/teams/{team_slug}": ["get", "patch", "delete"],
    "/orgs/{org}/teams/{team_slug}/invitations": ["get"],
    "/orgs/{org}/teams/{team_slug}/members": ["get"],
    "/orgs/{org}/teams/{team_slug}/memberships/{username}": ["get", "put", "delete"],
    "/orgs/{org}/teams/{team_slug}/repos": ["get"],
    "/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": ["get", "put", "delete"],
    "/orgs/{org}/teams/{team_slug}/teams": ["get"],
    "/rate_limit": ["get"],
    "/repos/{owner}/{repo}": ["get", "patch"],
    "/repos/{owner}/{repo}/branches/{branch}/protection": ["get", "put", "delete"],
    "/repos/{owner}/{repo}/collaborators": ["get"],
    "/repos/{owner}/{repo}/collaborators/{username}": ["get", "put", "delete"],
    "/repos/{owner}/{repo}/forks": ["post"],
    "/repos/{owner}/{repo}/invitations": ["get"],
    "/repos/{owner}/{repo}/invitations/{invitation_id}": ["patch", "delete"],
    "/repos/{owner}/{repo}/teams": ["get"],
    "/user": ["get"],
    "/user/installations": ["get"],
    "/user/installations/{installation_id}/repositories": ["get"],
    "/user/installations/{installation_id}/repositories/{repository_id}": ["put", "delete"],
    "/user/{account_id}": ["get"],
    "/users/{username}": ["get"],
}

KEYWORDS = """type nullable enum required format pattern minLength maxLength minimum maximum
    minItems maxItems uniqueItems default""".split()

PAGE = "edges nodes pageInfo totalCount"
EDGE = "cursor node"
FIELDS = {
    "Query": "viewer rateLimit organization user repository node",
    "Node": "id",
    "RateLimit": "cost limit nodeCount remaining resetAt used",
    "PageInfo": "endCursor hasNextPage hasPreviousPage startCursor",
    "Actor": "login url",
    "RepositoryOwner": "id login url",
    "App": "id databaseId name slug",
    "User": "id databaseId login name email url createdAt isViewer",
    "Organization": """id databaseId login name description email location websiteUrl url
        createdAt archivedAt isVerified membersCanForkPrivateRepositories
        organizationBillingEmail requiresTwoFactorAuthentication twitterUsername
        viewerCanAdminister viewerIsAMember viewerCanCreateRepositories viewerCanCreateTeams
        webCommitSignoffRequired membersWithRole pendingMembers team teams repository
        repositories""",
    "OrganizationMemberConnection": PAGE,
    "OrganizationMemberEdge": EDGE + " hasTwoFactorEnabled role",
    "UserConnection": PAGE,
    "UserEdge": EDGE,
    "Team": """id databaseId name slug combinedSlug description privacy notificationSetting
        createdAt updatedAt url organization parentTeam ancestors childTeams members invitations
        repositories viewerCanAdminister""",
    "TeamConnection": PAGE,
    "TeamEdge": EDGE,
    "TeamMemberConnection": PAGE,
    "TeamMemberEdge": EDGE + " role",
    "TeamRepositoryConnection": PAGE,
    "TeamRepositoryEdge": EDGE + " permission",
    "OrganizationInvitation": """id createdAt email invitationSource invitationType invitee
        inviter inviterActor organization role""",
    "OrganizationInvitationConnection": PAGE,
    "OrganizationInvitationEdge": EDGE,
    "Repository": """id databaseId name nameWithOwner description homepageUrl url owner
        visibility isPrivate isArchived archivedAt isDisabled isEmpty isFork isInOrganization
        isLocked isMirror isTemplate parent createdAt updatedAt pushedAt defaultBranchRef
        hasDiscussionsEnabled hasIssuesEnabled hasProjectsEnabled hasWikiEnabled
        allowUpdateBranch autoMergeAllowed deleteBranchOnMerge
        forkingAllowed mergeCommitAllowed mergeCommitMessage mergeCommitTitle rebaseMergeAllowed
        squashMergeAllowed squashMergeCommitMessage squashMergeCommitTitle
        webCommitSignoffRequired viewerCanAdminister viewerPermission collaborators
        branchProtectionRules""",
    "Ref": "id name prefix",
    "RepositoryConnection": PAGE,
    "RepositoryEdge": EDGE,
    "RepositoryCollaboratorConnection": PAGE,
    "RepositoryCollaboratorEdge": EDGE + " permission permissionSources",
    "PermissionSource": "organization permission roleName source",
    "BranchProtectionRule": """id databaseId pattern allowsDeletions allowsForcePushes
        blocksCreations dismissesStaleReviews isAdminEnforced lockAllowsFetchAndMerge lockBranch
        pushAllowances repository requireLastPushApproval requiredApprovingReviewCount
        requiredStatusCheckContexts requiredStatusChecks requiresApprovingReviews
        requiresCodeOwnerReviews requiresCommitSignatures requiresConversationResolution
        requiresDeployments requiresLinearHistory requiresStatusChecks
        requiresStrictStatusChecks restrictsPushes restrictsReviewDismissals
        reviewDismissalAllowances""",
    "BranchProtectionRuleConnection": PAGE,
    "BranchProtectionRuleEdge": EDGE,
    "RequiredStatusCheckDescription": "app context",
    "PushAllowance": "id actor",
    "PushAllowanceConnection": PAGE,
    "PushAllowanceEdge": EDGE,
    "ReviewDismissalAllowance": "id actor",
    "ReviewDismissalAllowanceConnection": PAGE,
    "ReviewDismissalAllowanceEdge": EDGE,
}


def main():
    kind, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        whole = json.load(file)
    made = rest(whole) if kind == "rest" else graphql(whole)
    sys.stdout.write(stable(made, 4 if kind == "rest" else 3))


def stable(value, depth, indent=""):
    """JSON with one line for each item down to a depth, so that changes are seen."""
    if depth == 0 or not isinstance(value, dict) or not value:
        return json.dumps(value, separators=(",", ":"), sort_keys=True)
    inner = indent + " "
    rows = [f"{inner}{json.dumps(key)}: {stable(value[key], depth - 1, inner)}"
            for key in sorted(value)]
    end = "\n" if not indent else ""
    return "{\n" + ",\n".join(rows) + "\n" + indent + "}" + end


def rest(whole):
    wanted = []

    def schema(value):
        if "$ref" in value:
            name = value["$ref"].rsplit("/", 1)[1]
            wanted.append(name)
            return {"$ref": name}
        kept = {key: value[key] for key in KEYWORDS if key in value}
        if "properties" in value:
            kept["properties"] = {k: schema(v) for k, v in value["properties"].items()}
        if "items" in value:
            kept["items"] = schema(value["items"])
        if isinstance(value.get("additionalProperties"), dict):
            kept["additionalProperties"] = schema(value["additionalProperties"])
        elif "additionalProperties" in value:
            kept["additionalProperties"] = value["additionalProperties"]
        for key in ("oneOf", "anyOf", "allOf"):
            if key in value:
                kept[key] = [schema(part) for part in value[key]]
        return kept

    def resolved(value):
        while "$ref" in value:
            found = whole
            for step in value["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            value = found
        return value

    def content(value):
        return {kind: schema(media.get("schema", {}))
                for kind, media in value.get("content", {}).items()}

    def operation(value):
        parameters = {}
        for parameter in map(resolved, value.get("parameters", [])):
            parameters[parameter["name"]] = {
                "in": parameter["in"],
                "required": parameter.get("required", False),
                "schema": schema(parameter["schema"]),
            }
        made = {"parameters": parameters, "responses": {
            status: {"content": content(answer), "headers": sorted(answer.get("headers", {}))}
            for status, answer in ((s, resolved(a)) for s, a in value["responses"].items())
        }}
        if "requestBody" in value:
            body = resolved(value["requestBody"])
            made["body"] = {"required": body.get("required", False), "content": content(body)}
        return made

    paths = {path: {method: operation(whole["paths"][path][method]) for method in methods}
             for path, methods in PATHS.items() if methods}
    schemas = {}
    while wanted:
        name = wanted.pop()
        if name not in schemas:
            schemas[name] = {}
            schemas[name] = schema(whole["components"]["schemas"][name])
    return {"paths": paths, "schemas": schemas,
            "version": whole["info"]["version"]}


def graphql(whole):
    schema = whole.get("data", whole)["__schema"]
    types = {one["name"]: one for one in schema["types"]}
    made = {}
    inputs = []

    def written(ref):
        if ref["kind"] == "NON_NULL":
            return written(ref["ofType"]) + "!"
        if ref["kind"] == "LIST":
            return "[" + written(ref["ofType"]) + "]"
        return ref["name"]

    def bare(ref):
        while ref["ofType"]:
            ref = ref["ofType"]
        return ref

    def inputs_of(values):
        kept = {}
        for value in values:
            inputs.append(bare(value["type"])["name"])
            kept[value["name"]] = {"type": written(value["type"])}
            if value["defaultValue"] is not None:
                kept[value["name"]]["default"] = value["defaultValue"]
        return kept

    for name, wanted in FIELDS.items():
        fields = {}
        for field in types[name]["fields"]:
            if field["name"] not in wanted.split():
                continue
            leaf = bare(field["type"])
            if leaf["kind"] in ("SCALAR", "ENUM"):
                inputs.append(leaf["name"])
            elif leaf["kind"] == "UNION":
                inputs.append(leaf["name"])
            elif leaf["name"] not in FIELDS:
                sys.exit(f"{name}.{field['name']} is a {leaf['name']}, which is not kept")
            fields[field["name"]] = {"type": written(field["type"])}
            if field["args"]:
                fields[field["name"]]["args"] = inputs_of(field["args"])
        missing = set(wanted.split()) - set(fields)
        if missing:
            sys.exit(f"{name} has no {sorted(missing)}")
        made[name] = {"kind": types[name]["kind"], "fields": fields}
        possible = [one["name"] for one in types[name].get("possibleTypes") or []]
        if possible:
            made[name]["possible"] = [one for one in possible if one in FIELDS]
    while inputs:
        name = inputs.pop()
        if name in made:
            continue
        one = types[name]
        made[name] = {"kind": one["kind"]}
        if one["kind"] == "ENUM":
            made[name]["values"] = [value["name"] for value in one["enumValues"]]
        elif one["kind"] == "INPUT_OBJECT":
            made[name]["inputs"] = inputs_of(one["inputFields"])
        elif one["kind"] == "UNION":
            made[name]["possible"] = [p["name"] for p in one["possibleTypes"]
                                      if p["name"] in FIELDS]
    return made


if __name__ == "__main__":
    main()

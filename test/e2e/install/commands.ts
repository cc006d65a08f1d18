/**
 * The commands that the README gives an operator, and which of these tests run them. All are run as they are written,
 * but for two things: `manifests/…` stands for its overlay where the control plane is older than what the bases are for,
 * with the changes that `overlayOf` makes; and what is piped into kubectl goes through the same.
 */
export const INSTALL_COMMANDS = {
  'kubectl label namespace kube-system kube-public kube-node-lease extensions.example.com/portcullis=ignore':
    'test/e2e/install: webhooks-first',
  'kubectl apply -k manifests/server': 'test/e2e/install: install',
  'kubectl -n portcullis-system rollout status deployment/portcullis': 'test/e2e/install: install',
  'kubectl apply -k manifests/webhooks': 'test/e2e/install: install',
  'kubectl -n portcullis-system rollout restart deployment/portcullis': 'test/e2e/install: upgrades',
  'kubectl -n portcullis-system exec deploy/portcullis -- portcullis status': 'test/e2e/install: status',
  'kubectl -n portcullis-system exec deploy/portcullis -- portcullis certs rotate': 'test/e2e/install: rotation',
  'kubectl delete -k manifests/webhooks': 'test/e2e/install: uninstall',
  'kubectl delete -k manifests/server': 'test/e2e/install: uninstall',
  'kubectl delete namespace portcullis-system': 'test/e2e/install: uninstall',
  'kubectl delete clusterrole,clusterrolebinding portcullis': 'test/e2e/install: uninstall',
  'kubectl delete validatingwebhookconfiguration,mutatingwebhookconfiguration portcullis':
    'test/e2e/install: uninstall',
} as const;

/** One of them. */
export type InstallCommand = keyof typeof INSTALL_COMMANDS;

/**
 * The text as the kubelet has to be told it, to take it as it is: of `$(NAME)` it makes a variable's value, in arguments and in a
 * probe's command alike, and of `$$` one dollar. Doubled, every dollar stays itself (ExpandContainerCommandOnlyStatic in its
 * pkg/kubelet/container).
 */
export function unexpanded(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** Stands in a configuration for what follows a workload's name in its full DNS name, as proxies know no search domains. The start program fills it in. */
export const DNS_SUFFIX_MARK = '@{dnsSuffix}';

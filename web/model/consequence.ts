/** "Resume deletes 3 …" of the API as the sentence that the page begins with. */
export const resumingWords = (resume: string): string => resume.replace(/^Resume\b/, 'Resuming');
